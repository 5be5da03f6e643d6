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
        Assert.Contains("RLEF_LIBTORCH", Assert.Throws<ArgumentException>(() => Devices.Find("cuda:1")).Message);
    }
}
