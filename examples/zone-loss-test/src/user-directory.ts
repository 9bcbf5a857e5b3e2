/** An ordinary application: the people of a company as IAM users, one path a team. It knows nothing of zones. */
import {
  CreateUserCommand,
  GetUserCommand,
  IAMClient,
  type IAMClientConfig,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

export interface DirectorySettings {
  /** How often a call is repeated that could not be answered. */
  readonly retries?: number;
}

export class UserDirectory {
  readonly #iam: IAMClient;
  readonly #sts: STSClient;

  /** `aws`: where AWS is, and who calls, where the environment does not say it. */
  constructor(
    { retries = 0 }: DirectorySettings,
    aws: Pick<IAMClientConfig, 'endpoint' | 'region' | 'credentials'> = {},
  ) {
    const config = { ...aws, maxAttempts: 1 + retries };
    this.#iam = new IAMClient(config);
    this.#sts = new STSClient(config);
  }

  /** The account that the directory lives in. */
  async account(): Promise<string | undefined> {
    return (await this.#sts.send(new GetCallerIdentityCommand({}))).Account;
  }

  async join(team: string, name: string): Promise<void> {
    await this.#iam.send(new CreateUserCommand({ UserName: name, Path: `/${team}/` }));
  }

  async teamOf(name: string): Promise<string | undefined> {
    const { User } = await this.#iam.send(new GetUserCommand({ UserName: name }));
    return User?.Path?.split('/')[1];
  }

  /** The first hundred, in alphabetical order. */
  async members(team: string): Promise<readonly (string | undefined)[]> {
    const { Users = [] } = await this.#iam.send(new ListUsersCommand({ PathPrefix: `/${team}/`, MaxItems: 100 }));
    return Users.map(({ UserName }) => UserName);
  }

  close(): void {
    this.#iam.destroy();
    this.#sts.destroy();
  }
}
