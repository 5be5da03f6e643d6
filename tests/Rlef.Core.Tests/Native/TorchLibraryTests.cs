using Rlef.Native;
using TorchSharp;

namespace Rlef.Core.Tests.Native;

public sealed class TorchLibraryTests
{
    static string Library => Path.Combine(Path.GetDirectoryName(typeof(torch).Assembly.Location)!, "libLibTorchSharp.so");

    [Fact]
    public void The_library_runs_and_its_file_stays_as_the_package_holds_it()
    {
        Assert.Equal(6, torch.tensor([1f, 2, 3]).sum().item<float>());
        Assert.Contains("GLIBCXX_3.4.32", SharedObject.Load(Library).Needed);
    }

    [Fact]
    public void Where_the_systems_library_is_too_old_a_copy_without_the_mark_runs()
    {
        TorchLibrary.Require();
        var system = File.ReadLines("/proc/self/maps").Select(line => line.Split(' ')[^1]).First(path => Path.GetFileName(path).StartsWith("libstdc++.so.6", StringComparison.Ordinal));
        var last = TorchLibrary.LastVersion(system);
        Assert.NotNull(last);
        Assert.Equal(last < Version.Parse("3.4.32"), TorchLibrary.Remedy is not null);
    }

    [Fact]
    public void The_copy_of_TorchSharps_own_library_can_be_loaded_beside_libtorch()
    {
        _ = torch.tensor([1f]);
        var copy = SharedObject.Load(Library).Redirect("GLIBCXX_3.4.32", "GLIBCXX_3.4", "_ZSt21ios_base_library_initv");
        Assert.NotEqual(0, TorchLibrary.LoadFromMemory(copy));
    }
}
