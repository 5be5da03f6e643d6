using Rlef.Storage;

namespace Rlef.Core.Tests.Storage;

public sealed class AtomicFileTests : IDisposable
{
    readonly string folder = RealPath.Of(Directory.CreateTempSubdirectory("rlef-files-").FullName);

    public void Dispose() => Directory.Delete(folder, true);

    string Named(string name) => Path.Combine(folder, name);

    [Fact]
    public void A_link_stays_one_and_its_target_is_replaced()
    {
        Directory.CreateDirectory(Named("real"));
        File.WriteAllText(Named("real/a"), "old");
        File.CreateSymbolicLink(Named("link"), "real/a");
        AtomicFile.WriteText(Named("link"), "new");
        AtomicFile.WriteShared(Named("link"), stream => stream.Write("newer"u8));
        Assert.Equal(("newer", "real/a"), (File.ReadAllText(Named("real/a")), new FileInfo(Named("link")).LinkTarget));
        Assert.Equal(["link", "real"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order());
    }

    // Nothing can be renamed over what stands there, so that a mistake here breaks no machine.
    [Fact]
    public void What_the_kernel_shows_as_a_file_is_written_to()
    {
        Assert.True(RealPath.IsOfKernel("/dev/null") && RealPath.IsOfKernel("/dev/../dev/stdout") && !RealPath.IsOfKernel("/dev/shm/a") && !RealPath.IsOfKernel("/development/a"));
        AtomicFile.WriteText($"/proc/{Environment.ProcessId}/comm", "rlef-written");
        Assert.Equal("rlef-written", File.ReadAllText($"/proc/{Environment.ProcessId}/comm").Trim());
    }

    [Fact]
    public void One_place_has_many_paths()
    {
        Directory.CreateDirectory(Named("real/in"));
        Directory.CreateSymbolicLink(Named("a"), Named("real"));
        Directory.CreateSymbolicLink(Named("b"), "a");
        foreach (var path in (string[])["real/in", "real/in/", "real/./in", "b/in", "real/../a/in//"])
            Assert.Equal(Named("real/in"), RealPath.Of(Named(path)));
        Assert.Equal(Named("real/not/yet"), RealPath.Of(Named("b/not/yet")));
        Assert.True(RealPath.AreSame(Named("b"), Named("real/")) && !RealPath.AreSame(Named("b"), Named("real/in")));
    }
}
