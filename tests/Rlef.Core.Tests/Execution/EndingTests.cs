using System.Diagnostics;
using Rlef.Execution;
using Rlef.Problems;

namespace Rlef.Core.Tests.Execution;

/// <summary>However a program writes and ends, it is judged by what a plain interpreter prints. Every sandbox runs programs by the same worker, so one is asked.</summary>
public sealed class EndingTests(Sandboxes sandboxes)
{
    static readonly Problem Sum = new()
    {
        Id = "sum", Statement = "Add two numbers.", PublicTests = [new("3 4\n", "7\n"), new("3 4\n", "7\n")], PrivateTests = [],
        Limits = Limits.Default with { Wall = TimeSpan.FromSeconds(10) },
    };

    // Whatever a program printed when a plain interpreter ends with exit code 0 is what it is judged by.
    [Theory]
    [MemberData(nameof(Endings.All), MemberType = typeof(Endings))]
    public async Task Judges_by_what_a_plain_interpreter_prints(string program)
    {
        var (code, printed) = await RunPlainlyAsync(program);
        var expected = code != 0 ? VerdictKind.RuntimeError : printed.Trim() == "7" ? VerdictKind.Accepted : VerdictKind.WrongAnswer;
        foreach (var isolation in Enum.GetValues<Isolation>())
        {
            var judgement = await new Judge(sandboxes.Local, isolation).JudgeAsync(program, Sum, Sum.AllTests, cancellation: TestContext.Current.CancellationToken);
            Assert.True(expected == judgement.Kind, $"{isolation}: {judgement.Kind} instead of {expected}, exit code {code}, {judgement.Verdicts[0].Error?.Traceback}");
        }
    }

    static async Task<(int Code, string Printed)> RunPlainlyAsync(string program)
    {
        var folder = Directory.CreateTempSubdirectory("rlef-plain-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "solution.py"), program);
            // The shell writes the input beforehand: a program may be gone before it could be told.
            using var plain = Process.Start(new ProcessStartInfo("bash", ["-c", "exec /usr/bin/python3 solution.py <<< '3 4'"])
            {
                WorkingDirectory = folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["PYTHONUNBUFFERED"] = "" },
            })!;
            _ = plain.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var printed = await plain.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await plain.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (plain.ExitCode, printed);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
