using System.CommandLine;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using Rlef.Execution;
using Rlef.Notebooks.Documents;
using Rlef.Problems;

namespace Rlef.Cli;

/// <summary>Turns faults that a user can mend into one clear message; --debug, or RLEF_DEBUG=1, shows where they arose.</summary>
static class ErrorBoundary
{
    const string Debug = "--debug";
    const int Failed = 1, Misused = 2;
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(10); // For an interrupted command to put away what it has in hand.
    const int NoSpace = 28, FileTooLarge = 27, OverQuota = 122;

    public static async Task<int> InvokeAsync(RootCommand root, string[] args)
    {
        var debug = new Option<bool>(Debug) { Description = "Show where an error arose.", Recursive = true };
        root.Options.Add(debug);
        OptionRanges.Apply(root);
        HelpOfCommand.Apply(root);
        var parse = root.Parse(args.Length == 0 ? ["--help"] : args);
        // Help is an action of its own, however faulty the rest.
        if (parse.Action is not HelpOfCommand && Misuse.Of(parse) is { } misuse)
        {
            await Console.Error.WriteLineAsync($"rlef: {misuse}");
            return Misused;
        }
        var hidden = !IsDebugging(parse);
        var interruption = parse.Action is AsynchronousCommandLineAction ? new Interruption(Grace + GraceOf(parse)) : null;
        if (interruption is null)
            Interruption.LeaveNothing();
        try
        {
            return await parse.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interruption?.Token ?? CancellationToken.None);
        }
        catch (OperationCanceledException) when (hidden)
        {
            await Console.Error.WriteLineAsync("rlef: interrupted. The same command goes on from what it kept, or begins anew.");
            return Interruption.ExitCode;
        }
        catch (Exception e) when (hidden && IsUsers(e))
        {
            Tell(e, parse);
            return Failed;
        }
    }

    static TimeSpan GraceOf(ParseResult parse) => parse.CommandResult.Command is LastingCommand lasting ? TimeSpan.FromSeconds(parse.GetValue(lasting.GraceSeconds)) : TimeSpan.Zero;

    static bool IsDebugging(ParseResult parse) => parse.GetValue<bool>(Debug) || Environment.GetEnvironmentVariable("RLEF_DEBUG") is not null;

    /// <summary>The same options for another command.</summary>
    public static IEnumerable<string> Arguments(ParseResult parse) => parse.GetValue<bool>(Debug) ? [Debug] : [];

    /// <summary>Tells of an error in one message, and where it arose if that was asked for.</summary>
    public static void Tell(Exception e, ParseResult parse) =>
        Console.Error.WriteLine(IsDebugging(parse) ? e.ToString() : $"rlef: {e.Message}{WayOut(e, parse)}");

    /// <summary>Whether a user can mend the cause of an error.</summary>
    public static bool IsUsers(Exception e) => e is IOException or InvalidDataException or ArgumentException or UnauthorizedAccessException
        or SandboxUnavailableException or ProblemFormatException or NotebookFormatException or ExternalException or DllNotFoundException or NotFiniteNumberException;

    // Where standard output is full, the message names no file.
    static string WayOut(Exception e, ParseResult parse) => e is UnauthorizedAccessException && e.Message.Split('\'') is [_, var path, ..] && Directory.Exists(path) ? " It is a folder: name a file."
        : !(e is IOException && (e.HResult & 0xffff) is NoSpace or FileTooLarge or OverQuota) ? ""
        : parse.CommandResult.Command is ResumableCommand
            ? ". What was finished is kept. Make room there, or choose another folder; the same command then goes on from the last complete checkpoint."
        : e.Message.Contains('\'') ? ". Make room there, or choose another folder." : " for the output.";
}
