using Rlef.Experiments;

namespace Rlef.Goldens;

/// <summary>Public data beside the checkout.</summary>
static class SharedData
{
    public static string File(params string[] parts) => Path.Combine([Home.Folder, "..", "shared", "data", .. parts]);
}
