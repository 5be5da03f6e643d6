using Rlef.Notebooks.Jupyter;

namespace Rlef.Notebooks.Tests.Jupyter;

public sealed class InteractiveToolTests
{
    [Fact]
    public async Task Two_who_install_at_once_get_the_same_whole_tool()
    {
        var folder = Directory.CreateTempSubdirectory("rlef-tools-");
        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullName, "another"));
            var programs = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => InteractiveTool.InstallAsync(folder.FullName, TestContext.Current.CancellationToken)));
            Assert.Single(programs.Distinct());
            Assert.True(File.Exists(programs[0]));
            Assert.Equal(["another", Path.GetFileName(Path.GetDirectoryName(programs[0])!)], folder.GetFileSystemInfos().Select(f => f.Name).Order(StringComparer.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
