using Rlef.Policy;

namespace Rlef.Core.Tests.Policy.Hub;

public sealed class HubOptionsTests : IDisposable
{
    static readonly string[] Names = ["HF_ENDPOINT", "HF_HOME", "HF_HUB_CACHE", "HF_TOKEN", "HF_TOKEN_PATH", "HF_HUB_OFFLINE", "XDG_CACHE_HOME"];
    readonly Dictionary<string, string?> before = Names.ToDictionary(name => name, Environment.GetEnvironmentVariable);
    readonly string home = Directory.CreateTempSubdirectory().FullName;

    public HubOptionsTests() => Array.ForEach(Names, name => Environment.SetEnvironmentVariable(name, null));

    public void Dispose()
    {
        foreach (var (name, value) in before)
            Environment.SetEnvironmentVariable(name, value);
        Directory.Delete(home, recursive: true);
    }

    [Fact]
    public void The_environment_says_where_and_what_is_narrower_goes_first()
    {
        Assert.EndsWith("/.cache/huggingface/hub", HubOptions.FromEnvironment().Cache);
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", home);
        Assert.Equal($"{home}/huggingface/hub", HubOptions.FromEnvironment().Cache);
        Environment.SetEnvironmentVariable("HF_HOME", $"{home}/hf");
        Assert.Equal(($"{home}/hf/hub", null, false), HubOptions.FromEnvironment() is var plain ? (plain.Cache, plain.Token, plain.Offline) : default);
        Directory.CreateDirectory($"{home}/hf");
        File.WriteAllText($"{home}/hf/token", "hf_file\n");
        Assert.Equal("hf_file", HubOptions.FromEnvironment().Token);
        Environment.SetEnvironmentVariable("HF_TOKEN", "hf_variable");
        Environment.SetEnvironmentVariable("HF_HUB_CACHE", $"{home}/models");
        Environment.SetEnvironmentVariable("HF_ENDPOINT", "http://127.0.0.1:7/mirror/");
        Environment.SetEnvironmentVariable("HF_HUB_OFFLINE", "1");
        var all = HubOptions.FromEnvironment();
        Assert.Equal((new Uri("http://127.0.0.1:7/mirror"), $"{home}/models", "hf_variable", true), (all.Endpoint, all.Cache, all.Token, all.Offline));
        Assert.DoesNotContain("hf_variable", all.ToString());
        Environment.SetEnvironmentVariable("HF_ENDPOINT", "mirror");
        Assert.Contains("HF_ENDPOINT is 'mirror'", Assert.Throws<ArgumentException>(HubOptions.FromEnvironment).Message);
    }
}
