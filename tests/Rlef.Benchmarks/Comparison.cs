namespace Rlef.Benchmarks;

/// <summary>Median milliseconds of either side, each with the number of threads that served it best.</summary>
readonly record struct Comparison(double Ours, int Threads, double Python, int PythonThreads);
