namespace Rlef.Policy;

/// <summary>
/// Threads that help one that decodes a single row: the panels of each large product go to whoever is free. A helper that gets no processor leaves all of them to
/// the others, so that a busy machine is no slower for it. What is computed is the same to the bit.
/// </summary>
sealed unsafe class Crew(int helpers)
{
    // Smaller products are done before a helper has heard of them.
    public const long LeastWeights = 1 << 17;

    Job? current;
    bool ended;

    /// <summary>Runs the work with helpers at hand.</summary>
    public void Run(Action work)
    {
        Volatile.Write(ref ended, false);
        Task[] helping = [.. Enumerable.Range(0, helpers).Select(_ => Task.Run(Help))];
        try
        {
            work();
        }
        finally
        {
            Volatile.Write(ref ended, true);
            Task.WaitAll(helping);
            current = null;
        }
    }

    /// <inheritdoc cref="PackedMatrix.Multiply(float*, int, float*, int, int, bool)"/>
    public void Multiply(PackedMatrix matrix, float* x, int xStride, float* y, int yStride, int rows, bool accumulate)
    {
        if (matrix.Weights < LeastWeights)
        {
            matrix.Multiply(x, xStride, y, yStride, rows, accumulate);
            return;
        }
        var job = new Job(matrix, x, xStride, y, yStride, rows, accumulate);
        Volatile.Write(ref current, job);
        job.Work();
        job.Wait();
    }

    void Help()
    {
        var spin = new SpinWait();
        while (!Volatile.Read(ref ended))
            if (Volatile.Read(ref current)?.Work() == true)
                spin.Reset();
            else
                spin.SpinOnce(sleep1Threshold: -1);
    }

    sealed class Job(PackedMatrix matrix, float* x, int xStride, float* y, int yStride, int rows, bool accumulate)
    {
        int next, left = matrix.Panels;

        /// <summary>Computes panels until none is left to begin.</summary>
        /// <returns>Whether there was one.</returns>
        public bool Work()
        {
            var done = 0;
            for (int panel; (panel = Interlocked.Increment(ref next) - 1) < matrix.Panels; done++)
                matrix.MultiplyPanel(panel, x, xStride, y, yStride, rows, accumulate);
            if (done > 0)
                Interlocked.Add(ref left, -done);
            return done > 0;
        }

        /// <summary>Until those that others began are done.</summary>
        public void Wait()
        {
            var spin = new SpinWait();
            while (Volatile.Read(ref left) > 0)
                spin.SpinOnce(sleep1Threshold: -1);
        }
    }
}
