namespace Rlef.Notebooks.Tests.Figures;

/// <summary>Skips a test, with the reason, where a program of the machine is missing.</summary>
internal static class Needs
{
    public static void Browser() => Assert.SkipWhen(Rlef.Notebooks.Figures.Browser.Find() is null, "no Chromium on PATH (Debian: chromium)");
}
