namespace Rlef.Dialogue;

/// <summary>What kinds of breakage say of the policy.</summary>
public static class Breakages
{
    /// <summary>Whether nothing can be concluded, as of a failure of the sandbox. Otherwise the policy had its chance, and did not solve the problem.</summary>
    public static bool SaysNothing(this Breakage kind) => kind is Breakage.Timeout or Breakage.Failure;
}
