using System.Diagnostics;
using System.Runtime.Versioning;

namespace Rlef.Cli.Tests;

/// <summary>The launcher in a house of stand-ins: what it starts, when it builds, and what it makes of test projects.</summary>
[SupportedOSPlatform("linux")]
public sealed class LauncherTests : IDisposable
{
    const string LibDuckDB = "artifacts/npm/node_modules/@duckdb/node-bindings-linux-x64/libduckdb.so";

    readonly string house = Directory.CreateTempSubdirectory("rlef-house-").FullName;

    public LauncherTests()
    {
        File.Copy(Path.Combine(Processes.Root, "rlef"), Path.Combine(house, "rlef"));
        Write("Rlef.Core.sln", "");
        Write("Directory.Build.props", "");
        Write("Directory.Packages.props", "");
        Write("src/Some.cs", "");
        Write("tests/Rlef.One.Tests/Some.cs", "");
        Write(".rlef/packages.props", "bundled");
        Write("artifacts/npm/node_modules/plotly.js-dist-min/plotly.min.js", "");
        Write(LibDuckDB, "");
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
        [("PATH", $"{house}/bin:/usr/bin:/bin"), ("HOUSE", house), ("RlefPackages", null), ("RLEF_LIBTORCH", null), .. environment]);

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

    [Fact]
    public async Task It_builds_once_and_again_for_a_newer_source_another_package_source_or_another_libtorch()
    {
        Assert.Equal((0, "ran doctor\n"), await RunAsync("doctor") is var (code, output, _) ? (code, output) : default);
        await RunAsync("doctor");
        Assert.Equal(1, Builds);
        await RunAsync("doctor", ("RlefPackages", "upstream"));
        await RunAsync("doctor", ("RlefPackages", "upstream"));
        Assert.Equal(2, Builds);
        await RunAsync("doctor");
        Assert.Equal(3, Builds);
        await RunAsync("doctor", ("RLEF_LIBTORCH", "/opt/libtorch"));
        await RunAsync("doctor", ("RLEF_LIBTORCH", "/opt/libtorch"));
        Assert.Equal(4, Builds);
        await RunAsync("doctor");
        File.SetLastWriteTimeUtc(Path.Combine(house, "src/Some.cs"), DateTime.UtcNow.AddMinutes(1));
        await RunAsync("doctor");
        Assert.Equal(6, Builds);
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
        var (code, _, error) = await RunAsync("doctor");
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
    public async Task Libduckdb_is_fetched_when_an_argument_names_Parquet_and_it_is_not_there()
    {
        File.Delete(Path.Combine(house, LibDuckDB));
        Script("bin/npm", $"echo \"$*\" >> $HOUSE/fetched; mkdir -p $(dirname $HOUSE/{LibDuckDB}); touch $HOUSE/{LibDuckDB}");
        Write("data/test-00000-of-00001.parquet", "PAR1");
        Write("data/misnamed", "PAR1");
        Write("lines.jsonl", "{}");
        Write("short", "");
        string[] fetching = ["data/test-00000-of-00001.parquet", "data/misnamed", "data", "data/test"];
        foreach (var name in fetching)
        {
            Assert.Equal(0, (await RunAsync($"problems validate {house}/{name}")).Code);
            File.Delete(Path.Combine(house, LibDuckDB));
        }
        foreach (var name in (string[])["lines.jsonl", "short", "nowhere"])
            await RunAsync($"problems validate {house}/{name}");
        await RunAsync($"problems validate {house}/data", ("RLEF_LIBDUCKDB", "/opt/libduckdb.so"));
        await RunAsync($"problems validate {house}/data", ("RlefPackages", "upstream"));
        var fetched = File.ReadAllLines(Path.Combine(house, "fetched"));
        Assert.Equal(fetching.Length, fetched.Length);
        Assert.All(fetched, line => Assert.Contains("@duckdb/node-bindings-linux-x64@", line));
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
