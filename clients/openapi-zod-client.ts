import { isAxiosError } from 'axios';
import { createApiClient } from './generated/openapi-zod-client.js';

/** Writes an item and returns its version. The generated client checks request and answer with Zod. */
export async function write(baseUrl: string, id: string, name: string): Promise<number> {
  const { version } = await createApiClient(baseUrl).replaceItem({ name }, { params: { id } });
  return version;
}

/** The name of an item, or the code of the problem. This generator gives problems no type: it knows plain JSON only. */
export async function read(baseUrl: string, id: string): Promise<string> {
  try {
    // Only an item whose fields were named can lack its name.
    return (await createApiClient(baseUrl).getItem({ params: { id } })).name ?? '';
  } catch (error) {
    if (isAxiosError<{ code: string }>(error) && error.response) return error.response.data.code;
    throw error;
  }
}
