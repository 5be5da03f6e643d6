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
    public void One_at_a_time_trains_in_a_folder()
    {
        var run = new RunDirectory(folder);
        using (run.Hold())
            Assert.Contains($"{folder}: another process trains in this folder.", Assert.Throws<IOException>(() => new RunDirectory(folder).Hold()).Message);
        run.Hold().Dispose();
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
