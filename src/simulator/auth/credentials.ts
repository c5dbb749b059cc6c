import { generateKeyPairSync } from 'node:crypto';

/** What a client needs to sign in to the simulated org. All of it is invented and opens nothing else. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username: string;
  readonly password: string;
  readonly securityToken: string;
  readonly refreshToken: string;
}

export const DEMO_CREDENTIALS: Credentials = {
  clientId: 'sluice-demo-client',
  clientSecret: 'invented-for-the-demo',
  username: 'integration@learning-bridge.example',
  password: 'not-a-real-password',
  securityToken: 'DEMOTOKEN',
  refreshToken: 'demo-refresh-token',
};

export interface JwtKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** A key pair for JWT sign-in, in PEM. Takes about a tenth of a second, so only who tests it should ask. */
export function makeJwtKeys(): JwtKeys {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}
