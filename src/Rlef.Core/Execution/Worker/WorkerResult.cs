using System.Text;
using System.Text.Json;

namespace Rlef.Execution;

/// <summary>A worker's account of one test, read strictly: parts of it were written by the judged program.</summary>
/// <param name="Anomaly">The process ended in a way that calls for a look at the worker's health.</param>
readonly record struct WorkerResult(ExecutionResult Result, bool Anomaly)
{
    const int SigKill = 9, SigXCpu = 24, SigXFsz = 25;
    const int SetUpFailed = 113;
    const int LeastTogether = 64 << 20;

    /// <summary>Reads one message of an answer into the results. Returns whether more messages follow.</summary>
    /// <param name="stopped">Whether the worker was told to leave out the rest.</param>
    /// <exception cref="InvalidDataException">Not an answer to this request.</exception>
    public static bool Read(JsonElement reply, long id, string nonce, ExecutionRequest request, List<WorkerResult> results, bool stopped)
    {
        if (reply.GetProperty("id").GetInt64() != id)
            throw new InvalidDataException("The answer to another job.");
        // Outputs lie here until they are compared: each within its limit, those of hundreds of tests would still fill the memory.
        var left = Math.Max(LeastTogether, 16L * request.Limits.OutputBytes) - results.Sum(r => (long)r.Result.Output.Length);
        foreach (var entry in reply.GetProperty("results").EnumerateArray())
        {
            results.Add(One(entry, results.Count, nonce, request, left));
            left -= results[^1].Result.Output.Length;
        }
        var more = reply.GetProperty("more").GetBoolean();
        var complete = stopped || results.Count == request.Inputs.Length || results is [.., { Result.Status: ExecutionStatus.TimeLimit }];
        if (results.Count > request.Inputs.Length || !more && !complete)
            throw new InvalidDataException($"{results.Count} results for {request.Inputs.Length} tests.");
        return more;
    }

    // What completes with more characters than are left for all tests together has too many.
    static WorkerResult One(JsonElement entry, int index, string nonce, ExecutionRequest request, long left)
    {
        var cpu = TimeSpan.FromSeconds(entry.GetProperty("cpu").GetDouble());
        var wall = TimeSpan.FromSeconds(entry.GetProperty("wall").GetDouble());
        var text = entry.GetProperty("report").GetString();
        var outer = entry.TryGetProperty("out", out var o) ? o.GetString()! : "";
        if (text is null || Report.Read(text, nonce, index) is not { } report)
            return Ended(entry, outer, cpu, wall, request, left);
        var output = report.Output ?? outer;
        if (TooLong(output) || report.Value is { } v && TooLong(v))
            return new(Failed(ExecutionStatus.OutputLimit, "Too much output.", output), false);
        if (cpu > request.Limits.Cpu)
            return new(Failed(ExecutionStatus.TimeLimit, "Time limit exceeded.", output), false);
        if (report.Error is { } error)
        {
            var status = report.IsCompileError ? ExecutionStatus.CompileError
                : error.Type == "MemoryError" ? ExecutionStatus.MemoryLimit : ExecutionStatus.RuntimeError;
            return new(new(status, Verdict.Beginning(output), error, cpu, wall), false);
        }
        if (request.EntryPoint is not null && report.Value is null)
            return new(Failed(ExecutionStatus.RuntimeError, "The function did not return.", output), false);
        var answer = request.EntryPoint is null ? output : report.Value!;
        return new(answer.Length > left
            ? Failed(ExecutionStatus.OutputLimit, "Too much output in all tests together.", answer)
            : new(ExecutionStatus.Completed, answer, null, cpu, wall), false);

        ExecutionResult Failed(ExecutionStatus status, string message, string output) =>
            new(status, Verdict.Beginning(output), new(status.ToString(), message, null, message), cpu, wall);

        bool TooLong(string text) => Encoding.UTF8.GetByteCount(text) > request.Limits.OutputBytes;
    }

    // No valid frame: the program did not run to its end, whatever it says. If it reads standard input, leaving with exit code 0 is an end like any other,
    // but not beside a forged frame.
    static WorkerResult Ended(JsonElement entry, string output, TimeSpan cpu, TimeSpan wall, ExecutionRequest request, long left)
    {
        var killed = entry.TryGetProperty("killed", out var k) ? k.GetString() : null;
        var status = entry.TryGetProperty("status", out var s) ? s.GetInt32() : 0;
        int signal = status & 0x7f, code = status >> 8 & 0xff;
        var size = entry.TryGetProperty("size", out var z) ? z.GetInt64() : 0;
        var (kind, message) = (killed, signal) switch
        {
            ("cpu" or "wall", _) or (_, SigXCpu) => (ExecutionStatus.TimeLimit, "Time limit exceeded."),
            (_, SigXFsz) => (ExecutionStatus.OutputLimit, "Too much output."),
            _ when size > Math.Min(request.Limits.OutputBytes, left) => (ExecutionStatus.OutputLimit, "Too much output."),
            (_, > 0) => (ExecutionStatus.Crashed, $"The program was ended by signal {signal}."),
            _ when killed is null && code == 0 && request.EntryPoint is null && entry.GetProperty("report").ValueKind == JsonValueKind.Null => (ExecutionStatus.Completed, ""),
            _ when code == SetUpFailed => (ExecutionStatus.MemoryLimit, "The memory limit leaves no room to start."),
            _ when killed is null && code != 0 && request.EntryPoint is null => (ExecutionStatus.Crashed, $"The program ended with exit code {code}."),
            _ => (ExecutionStatus.Crashed, "The program ended without returning."),
        };
        if (kind == ExecutionStatus.Completed)
            return new(cpu > request.Limits.Cpu
                ? new(ExecutionStatus.TimeLimit, Verdict.Beginning(output), new(nameof(ExecutionStatus.TimeLimit), "Time limit exceeded.", null, "Time limit exceeded."), cpu, wall)
                : new(kind, output, null, cpu, wall), false);
        var anomaly = killed is null && signal is SigKill || code == SetUpFailed || killed == "protocol";
        var type = kind == ExecutionStatus.Crashed ? nameof(ExecutionStatus.RuntimeError) : kind.ToString();
        int? exit = killed is null && signal == 0 && kind == ExecutionStatus.Crashed && entry.GetProperty("report").ValueKind == JsonValueKind.Null ? code : null;
        return new(new(kind, Verdict.Beginning(output), new(type, message, null, message), cpu, wall) { ExitCode = exit }, anomaly);
    }

    // The frame that the worker's stub writes after the program returned.
    sealed record Report(string? Output, string? Value, ProgramError? Error, bool IsCompileError)
    {
        public static Report? Read(string text, string nonce, int index)
        {
            if (!text.StartsWith(nonce, StringComparison.Ordinal))
                return null;
            try
            {
                using var document = JsonDocument.Parse(text.AsMemory(nonce.Length), new JsonDocumentOptions { MaxDepth = 8 });
                var root = document.RootElement;
                if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("index", out var i) || i.GetInt32() != index)
                    return null;
                var error = Text(root, "error") is { } type
                    ? new ProgramError(Verdict.Beginning(type), Verdict.Beginning(Text(root, "message") ?? ""), Line(root), Verdict.Beginning(Text(root, "traceback") ?? type))
                    : null;
                return new(Text(root, "out"), Text(root, "value"), error, root.TryGetProperty("compile", out _));
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
            {
                return null;
            }
        }

        static string? Text(JsonElement root, string name) =>
            root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

        static int? Line(JsonElement root) =>
            root.TryGetProperty("line", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var n) ? n : null;
    }
}
