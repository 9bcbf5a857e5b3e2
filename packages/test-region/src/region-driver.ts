/** What a region under test must be able to do, wherever it runs. Each way of running one is a driver. */
import type { FaultRequest, FaultStatus, GlobalStsMode, RegionStatus } from '@stormglass/contracts';

/** Calls reject with `WorldError` when they make no sense, or when the region is gone. */
export interface RegionDriver {
  /** The root certificate of the region, PEM: a file of this machine. */
  readonly rootFile: string;
  /** With endpoints as this machine reaches them. */
  status(): Promise<RegionStatus>;
  /** Resolves when every zone serves that is not held down; rejects after `timeoutMs`. */
  waitReady(timeoutMs: number): Promise<unknown>;
  /** Outages of zones are faults as well. */
  addFault(request: FaultRequest): Promise<FaultStatus>;
  /** Mends one fault, or all; one that is over already is none to mend. */
  clearFaults(id?: string): Promise<unknown>;
  /** Of one zone, of the zones of a region, or of all. */
  setGlobalSts(mode: GlobalStsMode, place?: string): Promise<void>;
  /** Resolves when nothing of the region is left. */
  stop(): Promise<void>;
}
