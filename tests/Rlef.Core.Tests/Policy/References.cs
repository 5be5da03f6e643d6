using Rlef.Experiments;

namespace Rlef.Core.Tests.Policy;

/// <summary>Values that other programs made, read where they lie in the source tree.</summary>
static class References
{
    public static string Path(params string[] parts) => Home.File(["tests", "Rlef.Core.Tests", "Policy", "Reference", .. parts]);
}
