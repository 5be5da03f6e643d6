using Rlef.Experiments;
using Rlef.Policy;
using Rlef.Problems;

namespace Rlef.Core.Tests.Storage;

/// <summary>What a clone without Git LFS leaves in the place of files.</summary>
public sealed class GitLfsTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rlef-lfs-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    [Theory]
    [InlineData("config.json")]
    [InlineData("model.safetensors")]
    [InlineData("tokenizer.json")]
    [InlineData("policy.gguf")]
    [InlineData("problems.jsonl")]
    [InlineData("sweep.json")]
    public void A_pointer_is_named_as_one(string name)
    {
        foreach (var file in Directory.EnumerateFiles(Home.File("data", "nano", "base")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n");
        Assert.Equal($"{path} is a Git LFS pointer, not the file itself. Fetch it by `git lfs pull`.", Assert.Throws<InvalidDataException>(() =>
        {
            if (name == "problems.jsonl")
                ProblemFile.Load(path);
            else if (name == "sweep.json")
                Sweep.Load(path);
            else
                PolicyCheckpoint.Load(name == "policy.gguf" ? path : folder).Dispose();
        }).Message);
    }
}
