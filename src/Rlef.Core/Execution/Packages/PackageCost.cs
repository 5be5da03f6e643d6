namespace Rlef.Execution;

/// <summary>What it takes to import packages.</summary>
/// <param name="Seconds">Processor time of a worker's start.</param>
/// <param name="Room">Address space, bytes, that every process begins with for it.</param>
readonly record struct PackageCost(double Seconds, long Room);
