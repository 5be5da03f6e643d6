using System.Diagnostics;
using System.Runtime.Versioning;

namespace Rlef.Cli.Tests;

/// <summary>The launcher in a house of stand-ins: what it starts, when it builds, and what it makes of test projects.</summary>
[SupportedOSPlatform("linux")]
public sealed class LauncherTests : IDisposable
{
    readonly string house = Directory.CreateTempSubdirectory("rlef-house-").FullName;

    public LauncherTests()
    {
        File.Copy(Path.Combine(Processes.Root, "rlef"), Path.Combine(house, "rlef"));
        Write("Rlef.Core.sln", "");
        Write("Directory.Build.props", "");
        Write("Directory.Packages.props", "");
        Write("src/Some.cs", "");
        Write("tests/Rlef.One.Tests/Some.cs", "");
        Write("tests/Rlef.Benchmarks/usage.txt", "bench measures\n");
        Write("docs/commands.md", "# Commands\n\n## rlef problems\n\n```\nof problems\n```\n\n## rlef problems validate\n\n```\nof validate\n\nits end\n```\n\n## rlef train\n\n```\nof train\n```\n");
        Script("bin/dotnet", "echo \"$*\" >> $HOUSE/built");
        Script("bin/dpkg-query", "echo install ok installed");
        Script("artifacts/bin/Rlef.Cli/release/rlef", "echo ran \"$*\"");
        Project("One", "echo ' Rlef.One.Tests  Total: 3, Errors: 0, Failed: 0, Skipped: 1, Not Run: 0, Time: 1s'");
    }

    public void Dispose() => Directory.Delete(house, true);

    void Write(string path, string text)
    {
        path = Path.Combine(house, path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    void Script(string path, string text)
    {
        Write(path, "#!/bin/bash\n" + text + "\n");
        File.SetUnixFileMode(Path.Combine(house, path), (UnixFileMode)0b111_101_101);
    }

    void Project(string name, string test)
    {
        Directory.CreateDirectory(Path.Combine(house, "tests", $"Rlef.{name}.Tests"));
        Script($"artifacts/bin/Rlef.{name}.Tests/release/Rlef.{name}.Tests", test);
    }

    Process Start(string line, params (string, string?)[] environment) => Processes.Start(Path.Combine(house, "rlef"),
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        [("PATH", $"{house}/bin:/usr/bin:/bin"), ("HOUSE", house), ("RLEF_TORCH", null), .. environment]);

    async Task<(int Code, string Output, string Error)> RunAsync(string line, params (string, string?)[] environment)
    {
        using var process = Start(line, environment);
        return await process.FinishAsync();
    }

    int Builds => File.Exists(Path.Combine(house, "built")) ? File.ReadLines(Path.Combine(house, "built")).Count() : 0;

    [Fact]
    public async Task It_teaches_before_anything_is_built()
    {
        var (code, output, _) = await RunAsync("--help");
        Assert.Equal(0, code);
        foreach (var command in (string[])["./rlef run", "./rlef test", "./rlef doctor", "./rlef publish"])
            Assert.Contains(command, output);
        (code, output, _) = await RunAsync("test --help");
        Assert.Equal(0, code);
        Assert.Contains("FILTER", output);
        foreach (var line in (string[])["test --fast", "test One Two"])
        {
            (code, _, var error) = await RunAsync(line);
            Assert.Equal(2, code);
            Assert.Single(error.Trim().Split('\n'));
        }
        Assert.Equal(0, Builds);
    }

    [Theory]
    [InlineData("problems --help", "of problems\n")]
    [InlineData("problems validate FILE --help", "of validate\n\nits end\n")]
    [InlineData("train -h --run runs/mine", "of train\n")]
    [InlineData("bench --help", "bench measures\n")]
    [InlineData("bench", "bench measures\n")]
    public async Task Help_of_a_command_installs_and_builds_nothing(string line, string help)
    {
        Script("bin/dpkg-query", "exit 1");
        Assert.Equal((0, help, ""), await RunAsync(line));
        Assert.Equal(0, Builds);
    }

    [Fact]
    public async Task Help_of_an_unknown_command_is_the_overview() =>
        Assert.Contains("./rlef run", (await RunAsync("nonsense --help")).Output);

    [Fact]
    public async Task It_builds_once_and_again_for_a_newer_source_or_another_libtorch()
    {
        Assert.Equal((0, "ran doctor\n"), await RunAsync("doctor") is var (code, output, _) ? (code, output) : default);
        await RunAsync("doctor");
        Assert.Equal(1, Builds);
        await RunAsync("doctor", ("RLEF_TORCH", "cuda"));
        await RunAsync("doctor", ("RLEF_TORCH", "cuda"));
        Assert.Equal(2, Builds);
        await RunAsync("doctor");
        File.SetLastWriteTimeUtc(Path.Combine(house, "src/Some.cs"), DateTime.UtcNow.AddMinutes(1));
        await RunAsync("doctor");
        Assert.Equal(4, Builds);
        var (misuse, _, error) = await RunAsync("doctor", ("RLEF_TORCH", "rocm"));
        Assert.Equal((2, "rlef: RLEF_TORCH is 'rocm'; it takes cpu or cuda.\n"), (misuse, error));
    }

    [Fact]
    public async Task What_it_says_has_no_colours_in_a_pipe() => Assert.Equal((0, "ran doctor\n", "building ...\n"), await RunAsync("doctor"));

    [Fact]
    public async Task A_command_builds_the_program_and_tests_build_everything_which_serves_commands_too()
    {
        await RunAsync("doctor");
        await RunAsync("test");
        await RunAsync("doctor");
        await RunAsync("test");
        Assert.Equal(["src/Rlef.Cli", "Rlef.Core.sln"], File.ReadLines(Path.Combine(house, "built")).Select(l => Path.GetRelativePath(house, l.Split(' ')[1])));
    }

    [Fact]
    public async Task Only_what_a_command_needs_is_installed()
    {
        Script("bin/dpkg-query", "exit 1");
        Script("bin/id", "echo 1000");
        Assert.Equal(0, (await RunAsync("model generate")).Code);
        Assert.Contains("bubblewrap python3.", (await RunAsync("train --run x")).Error);
        Script("bin/dpkg-query", "[[ \"$*\" == *chromium* ]] || echo install ok installed");
        Assert.Equal(0, (await RunAsync("evaluate")).Code);
        Assert.Contains("chromium", (await RunAsync("run")).Error);
    }

    [Fact]
    public async Task A_failed_build_is_shown_and_tried_again()
    {
        Script("bin/dotnet", "echo again >> $HOUSE/built; echo 'Some.cs(1,1): error CS1002: ; expected'; exit 1");
        var (code, _, error) = await RunAsync("doctor");
        Assert.Equal(1, code);
        Assert.Contains("CS1002", error);
        await RunAsync("doctor");
        Assert.Equal(2, Builds);
    }

    [Fact]
    public async Task Two_at_a_time_build_one_after_the_other()
    {
        await Processes.RunAsync("mkfifo", Path.Combine(house, "gate"));
        Script("bin/dotnet", "echo built >> $HOUSE/built; echo begun > $HOUSE/begun.tmp; cat $HOUSE/gate > /dev/null");
        using var first = Start("doctor");
        // The stand-in build has begun when the gate's other end opens.
        await using var gate = await Task.Run(() => new FileStream(Path.Combine(house, "gate"), FileMode.Open, FileAccess.Write));
        using var second = Start("doctor");
        Assert.Contains("waiting", await second.StandardError.ReadLineAsync());
        await gate.DisposeAsync();
        Assert.Equal((0, "ran doctor\n"), await first.FinishAsync() is var (code, output, _) ? (code, output) : default);
        Assert.Equal((0, "ran doctor\n"), await second.FinishAsync() is var (code2, output2, _) ? (code2, output2) : default);
        Assert.Equal(1, Builds);
    }

    [Fact]
    public async Task What_is_missing_is_named_together_when_it_cannot_be_installed()
    {
        Script("bin/dpkg-query", "[[ \"$*\" == *bubblewrap* || \"$*\" == *python3* ]] || echo install ok installed");
        Script("bin/id", "echo 1000");
        var (code, _, error) = await RunAsync("evaluate");
        Assert.Equal(1, code);
        Assert.Equal("rlef: these Debian packages are missing: bubblewrap python3. Install them as root: apt-get install bubblewrap python3\n", error);
        Assert.Equal(0, Builds);
    }

    [Fact]
    public async Task A_missing_sdk_is_named()
    {
        File.Delete(Path.Combine(house, "bin/dotnet"));
        foreach (var tool in (string[])["bash", "readlink", "dirname", "mkdir", "flock"])
            File.CreateSymbolicLink(Path.Combine(house, "bin", tool), File.Exists($"/usr/bin/{tool}") ? $"/usr/bin/{tool}" : $"/bin/{tool}");
        var (code, _, error) = await RunAsync("doctor", ("PATH", $"{house}/bin"));
        Assert.Equal(1, code);
        Assert.Contains("dotnet-sdk-10.0", error);
    }

    [Fact]
    public async Task Tests_are_counted_over_all_projects_also_in_colour()
    {
        Project("Two", @"printf '\033[37m=== TEST EXECUTION SUMMARY ===\n\033[0m\033[37m   Rlef.Two.Tests  Total: 5, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 1s\n\033[0m'");
        var (code, output, _) = await RunAsync("test");
        Assert.Equal((0, "7 passed, 0 failed\n"), (code, output));
    }

    [Theory]
    [InlineData("echo '  Some [FAIL]'; echo ' Rlef.Two.Tests  Total: 5, Errors: 1, Failed: 2, Skipped: 0'; exit 1", "5 passed, 3 failed\n")]
    [InlineData("echo ' Rlef.Two.Tests  Total: 5, Errors: 0, Failed: 0, Skipped: 0'; exit 139", "7 passed, 1 failed\n")]
    [InlineData("kill -SEGV $$", "2 passed, 1 failed\n")]
    [InlineData("exit 0", "2 passed, 1 failed\n")]
    public async Task A_project_that_fails_or_crashes_counts_with_and_without_a_filter(string test, string summary)
    {
        Project("Two", test);
        foreach (var line in (string[])["test", "test Some"])
        {
            var (code, output, error) = await RunAsync(line);
            Assert.Equal((1, summary), (code, output));
            Assert.Contains("Two.Tests", error);
        }
    }

    [Fact]
    public async Task A_filter_passes_over_projects_without_such_a_class_but_must_match_somewhere()
    {
        Project("Two", "echo ' Rlef.Two.Tests  Total: 0'");
        var (code, output, _) = await RunAsync("test Some");
        Assert.Equal((0, "2 passed, 0 failed\n"), (code, output));
        Project("One", "echo ' Rlef.One.Tests  Total: 0'");
        (code, _, var error) = await RunAsync("test Nowhere");
        Assert.Equal(1, code);
        Assert.Contains("'Nowhere'", error);
    }
}
