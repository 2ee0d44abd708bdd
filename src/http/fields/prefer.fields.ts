import { responseField, type RequestField, type ResponseFields } from '../../contract/fields.js';

/** RFC 7240. */
export const PREFER_FIELD: RequestField = {
  name: 'Prefer',
  description: 'return=minimal for an answer without a body, return=representation for one with it (RFC 7240 §4.2)',
  example: 'return=minimal',
  harmless: 'return=representation',
  pattern: '^[ -~]{1,1000}$',
  isIgnoredOtherwise: true,
  isFor: ({ followsPrefer }) => followsPrefer === true,
};

/** RFC 7240 §3. */
export const PREFERENCE_FIELDS: ResponseFields = {
  'Preference-Applied': responseField('The preference that was followed (RFC 7240 §3)', 'return=minimal', {
    enum: ['return=minimal', 'return=representation'],
  }),
};
