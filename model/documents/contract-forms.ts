import { compareMinors, minorOf } from "../versions";

/** Which form each fact takes in the configs of a contract. */
export interface ContractForms {
  /** Network, host name, resolvers and time in documents of their own; fields of the machine section below. */
  readonly networkDocuments: boolean;
  /** Encryption in VolumeConfig documents; in the machine section below. */
  readonly volumeDocuments: boolean;
  /** Links can be chosen by the address they were made with; older releases do not know the field. */
  readonly permanentAddress: boolean;
}

/**
 * The forms of a contract such as `v1.12`.
 *
 * A machine never runs a release older than its contract, so it knows each of them.
 */
export function contractForms(versionContract: string): ContractForms {
  const known = formsByContract.get(versionContract);
  if (known !== undefined) return known;
  const forms = formsOf(versionContract);
  formsByContract.set(versionContract, forms);
  return forms;
}

/** A thousand machines ask for the same contract, and comparing versions is most of what an ordinary one costs. */
const formsByContract = new Map<string, ContractForms>();

function formsOf(versionContract: string): ContractForms {
  const minor = minorOf(versionContract);
  const isFrom = (oldest: string): boolean => compareMinors(minor, oldest) >= 0;
  return {
    networkDocuments: isFrom("1.12"),
    volumeDocuments: isFrom("1.11"),
    permanentAddress: isFrom("1.9"),
  };
}
