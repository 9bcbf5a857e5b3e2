/** Where everything is, and nonces (RFC 8555, 7.1.1 and 7.2). */
import type { AcmeRoute } from '../route.ts';

const TERMS = `The certificates of this region are for trying things out. Its root is trusted by those who say so, and
nobody else. Certificates are for names and addresses that you control.
`;

export const directoryRoutes: readonly AcmeRoute[] = [
  {
    method: 'GET',
    path: '/directory',
    handle: ({ base }) => ({
      status: 200,
      body: {
        newNonce: `${base}/new-nonce`,
        newAccount: `${base}/new-account`,
        newOrder: `${base}/new-order`,
        revokeCert: `${base}/revoke-cert`,
        keyChange: `${base}/key-change`,
        renewalInfo: `${base}/renewal-info`,
        meta: { termsOfService: `${base}/terms`, externalAccountRequired: false },
      },
    }),
  },
  {
    method: 'GET',
    path: '/terms',
    handle: () => ({ status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: TERMS }),
  },
  { method: 'HEAD', path: '/new-nonce', handle: () => ({ status: 200, headers: FRESH }) },
  { method: 'GET', path: '/new-nonce', handle: () => ({ status: 204, headers: FRESH }) },
];

const FRESH = { 'cache-control': 'no-store' };
