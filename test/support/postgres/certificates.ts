import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Paths of PEM files. */
export interface Certificates {
  /** The certificate of a certificate authority. */
  authority: string;
  /** That of another authority, which has certified nothing here. */
  stranger: string;
  /** A certificate from the authority for the name `localhost`, not for 127.0.0.1. */
  certificate: string;
  /** The private key of the certificate. */
  key: string;
}

interface Party {
  name: string;
  publicKey: KeyObject;
  privateKey: KeyObject;
}

/** Makes certificates in a folder. Own code, since Node can't make certificates and openssl is not installed everywhere. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const [authority, stranger, server] = ['Authority', 'Stranger', 'localhost'].map(newParty) as [Party, Party, Party];
  const write = async (name: string, text: string) => {
    await writeFile(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  return {
    authority: await write('authority.crt', certificateOf(authority, authority)),
    stranger: await write('stranger.crt', certificateOf(stranger, stranger)),
    certificate: await write('server.crt', certificateOf(server, authority)),
    key: await write('server.key', server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
  };
}

function newParty(name: string): Party {
  return { name, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
}

// RFC 5280 §4.1 in DER, X.690. A self-signed certificate is an authority. The others have their name as the alternative name
// too: clients look only at that.
function certificateOf(subject: Party, issuer: Party): string {
  const algorithm = sequence(identifier('2a8648ce3d040302'));
  const authority = sequence(identifier('551d13'), TRUE, der(0x04, sequence(TRUE)));
  const alternativeName = sequence(identifier('551d11'), der(0x04, sequence(der(0x82, Buffer.from(subject.name)))));
  const content = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.concat([Buffer.of(1), randomBytes(8)])),
    algorithm,
    nameOf(issuer),
    sequence(der(0x18, Buffer.from('20200101000000Z')), der(0x18, Buffer.from('21200101000000Z'))),
    nameOf(subject),
    subject.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(subject === issuer ? authority : alternativeName)),
  );
  const signature = der(0x03, Buffer.of(0), sign('sha256', content, issuer.privateKey));
  const lines = sequence(content, algorithm, signature).toString('base64').replaceAll(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function nameOf({ name }: Party): Buffer {
  const commonName = sequence(identifier('550403'), der(0x0c, Buffer.from(name)));
  return sequence(der(0x31, commonName));
}

function sequence(...contents: Buffer[]): Buffer {
  return der(0x30, ...contents);
}

function identifier(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function der(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const head = length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(head), content]);
}

const TRUE = der(0x01, Buffer.of(255));
