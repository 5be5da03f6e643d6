namespace Rlef.Benchmarks;

/// <summary>Median milliseconds of one side, with the number of threads that served it best.</summary>
readonly record struct Timing(double Milliseconds, int Threads);
