namespace Rlef.Notebooks.Tests;

/// <summary>
/// Tests of what belongs to the whole process, its folder and its environment, run while no others do: every notebook that runs changes them
/// for its time.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
