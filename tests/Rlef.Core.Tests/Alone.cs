namespace Rlef.Core.Tests;

/// <summary>
/// Tests of numbers that have to agree to the last bit run while no others do: the generator of random numbers and the BLAS library's number of
/// threads belong to the whole process.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
