using Rlef.Learning;

namespace Rlef.Core.Tests.Learning;

public sealed class RunDirectoryTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rlef-run-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    [Fact]
    public void Opening_creates_nothing_and_refuses_what_is_no_run()
    {
        Assert.Throws<DirectoryNotFoundException>(() => RunDirectory.Open(Path.Combine(folder, "none")));
        Assert.Throws<InvalidDataException>(() => RunDirectory.Open(folder));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        File.WriteAllText(Path.Combine(folder, "config.json"), "{}");
        Assert.Equal(Path.GetFileName(folder), RunDirectory.Open(folder + "/").Name);
        Assert.Empty(RunDirectory.Open(folder).ReadMetrics());
        Assert.Single(Directory.EnumerateFileSystemEntries(folder));
    }

    [Fact]
    public void A_file_is_no_folder_for_a_run()
    {
        var file = Path.Combine(folder, "notes.txt");
        File.WriteAllText(file, "mine");
        Assert.Equal($"{file}: this is a file; name a folder.", Assert.Throws<ArgumentException>(() => new RunDirectory(file)).Message);
        Assert.Equal($"{file}/a: {file} is a file; name a folder.", Assert.Throws<ArgumentException>(() => new RunDirectory(file + "/a")).Message);
        Assert.Equal("mine", File.ReadAllText(file));
    }

    [Fact]
    public void One_at_a_time_trains_in_a_folder()
    {
        var run = new RunDirectory(folder);
        using (run.Hold())
            Assert.Contains($"{folder}: another process trains in this folder.", Assert.Throws<IOException>(() => new RunDirectory(folder).Hold()).Message);
        run.Hold().Dispose();
    }

    // A folder of the lock's name stands for one that may not be written to, which the superuser always may.
    [Fact]
    public void A_folder_that_cannot_be_written_to_is_named_with_the_way_out()
    {
        var run = new RunDirectory(folder);
        Directory.CreateDirectory(run.File(".lock"));
        Assert.Equal($"{folder}: nothing can be written there. Make the folder writable, or choose another one.", Assert.Throws<UnauthorizedAccessException>(run.Hold).Message);
    }

    [Fact]
    public void A_last_line_that_was_cut_is_dropped_with_those_to_be_written_again()
    {
        var run = new RunDirectory(folder);
        File.WriteAllText(run.MetricsPath, "{\"update\":0,\"kl\": 0.10}\n{\"update\":1}\n{\"update\":1,\"kl\":");
        run.TruncateTo(1);
        Assert.Equal("{\"update\":0,\"kl\": 0.10}\n", File.ReadAllText(run.MetricsPath));
    }

    [Fact]
    public void Metrics_that_are_gone_are_told_with_the_way_out()
    {
        var run = new RunDirectory(folder);
        const string Lines = "{\"update\":0}\n{\"update\":1}\n";
        File.WriteAllText(run.MetricsPath, Lines);
        string Told() => Assert.Throws<InvalidDataException>(() => run.TruncateTo(4)).Message;
        foreach (var update in (int[])[3, 4])
            Directory.CreateDirectory(run.CheckpointPath(update));
        Assert.Equal($"{run.MetricsPath} has lines of 2 updates, and 4 were made: what the others measured is lost. Put the lines back, or delete {folder} to begin anew.", Told());
        Directory.CreateDirectory(run.CheckpointPath(2));
        Assert.EndsWith($"Put the lines back, delete {run.CheckpointPath(3)} and {run.CheckpointPath(4)} to go on from update 3, or delete {folder} to begin anew.", Told());
        Assert.Equal(Lines, File.ReadAllText(run.MetricsPath));
    }

    [Theory]
    [InlineData("5", "line 2: an object with")]
    [InlineData("[1,2]", "line 2: an object with")]
    [InlineData("null", "line 2")]
    [InlineData("{\"update\":1.5}", "line 2: an object with a whole number 'update'")]
    [InlineData("{\"update\":\"1\"}", "line 2: an object with")]
    [InlineData("{\"kl\":1}", "line 2: an object with")]
    [InlineData("{\"update\":1,\"kl\":", "line 2: it breaks off")]
    public void Any_other_damaged_line_is_named_and_kept(string line, string fault)
    {
        var run = new RunDirectory(folder);
        foreach (var path in (string[])[run.EpisodesPath, run.MetricsPath, run.EnvironmentsPath])
        {
            var text = $"{{\"update\":0}}\n{line}\n{{\"update\":2}}\n";
            File.WriteAllText(path, text);
            var error = Assert.Throws<InvalidDataException>(() => run.TruncateTo(1)).Message;
            Assert.StartsWith($"{path}, {fault}", error);
            Assert.EndsWith("Mend that line, or remove it; the run then goes on.", error);
            Assert.Equal(text, File.ReadAllText(path));
            File.Delete(path);
        }
    }

    [Fact]
    public void Transcripts_are_read_back_with_their_verdicts()
    {
        var run = new RunDirectory(folder);
        RunDirectory.Append(run.EpisodesPath, new Transcript(3, "p", true,
            [new("user", "a\nb"), new("assistant", "c", "public tests: NoCode"), new("assistant", "d", "public tests: Accepted; private tests: WrongAnswer")]));
        var read = Assert.Single(run.ReadTranscripts());
        Assert.Equal((3, "p", true), (read.Update, read.Problem, read.Solved));
        Assert.Equal(["a\nb", "c", "d"], read.Messages.Select(m => m.Text));
        Assert.Equal(["", "public: ", "public: Accepted, private: WrongAnswer"], read.Messages.Select(m => string.Join(", ", m.Verdicts.Select(v => $"{v.Tests}: {v.Kind}"))));
    }
}
