using Rlef.Policy;
using static TorchSharp.torch;

namespace Rlef.Core.Tests.Policy;

public sealed class DevicesTests
{
    [Fact]
    public void The_processor_is_the_default()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(Devices.Variable) is not null, $"{Devices.Variable} is set.");
        Assert.Equal(CPU, Devices.Find());
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("CPU")]
    public void An_unknown_device_is_refused_with_those_there_are(string name) =>
        Assert.Contains($"'{name}': take cpu, cuda or cuda:N", Assert.Throws<ArgumentException>(() => Devices.Find(name)).Message);

    [Fact]
    public void A_device_that_libtorch_lacks_is_refused_with_the_way_out()
    {
        Assert.SkipWhen(cuda.is_available(), "This libtorch has CUDA.");
        Assert.Contains("RLEF_TORCH=cuda", Assert.Throws<ArgumentException>(() => Devices.Find("cuda:1")).Message);
    }

    [Fact]
    public void A_libtorch_with_CUDA_is_loaded_with_its_operators()
    {
        Assert.NotEmpty(__version__);
        var mapped = File.ReadLines("/proc/self/maps").Select(l => l.Split(' ')[^1]).Distinct().ToArray();
        var libtorch = Array.Find(mapped, f => Path.GetFileName(f).StartsWith("libtorch_cpu.so", StringComparison.Ordinal));
        Assert.True(libtorch is not null, $"libtorch {__version__} should be loaded");
        Assert.SkipUnless(Directory.EnumerateFiles(Path.GetDirectoryName(libtorch)!, "libtorch_cuda.so*").Any(), "This libtorch is built without CUDA.");
        Assert.Contains(mapped, f => Path.GetFileName(f).StartsWith("libtorch_cuda.so", StringComparison.Ordinal));
        Assert.Contains(mapped, f => Path.GetFileName(f).StartsWith("libc10_cuda.so", StringComparison.Ordinal));
    }
}
