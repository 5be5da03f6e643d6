using System.ComponentModel;
using System.Diagnostics;

namespace Rlef.Notebooks.Figures;

/// <summary>A headless Chromium, started for one page and gone after it.</summary>
public static class Browser
{
    /// <summary>The environment variable that names the program; empty switches the browser off.</summary>
    public const string Variable = "RLEF_CHROMIUM";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

    /// <summary>The browser's path, null if there is none.</summary>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } named) return File.Exists(named) ? named : null;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return Names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{start.FileName} does not start: {e.Message}", e);
        }
    }

    /// <summary>Opens a page, lets its scripts finish and gives its document as HTML.</summary>
    /// <param name="arguments">Further switches, for instance <c>--window-size=1200,900</c>.</param>
    /// <exception cref="InvalidOperationException">There is no browser, or it failed.</exception>
    public static async Task<string> DumpAsync(string pagePath, IReadOnlyList<string>? arguments = null, CancellationToken cancellation = default)
    {
        var program = Find() ?? throw new InvalidOperationException($"no Chromium found on PATH; install one, or name it with {Variable}.");
        var profile = Directory.CreateTempSubdirectory("rlef-browser-");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(120));
        try
        {
            // Network requests fail at once: what a page needs, it brings.
            using var process = Start(new ProcessStartInfo(program,
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions", "--no-first-run",
                "--host-resolver-rules=MAP * ~NOTFOUND", $"--user-data-dir={profile.FullName}", "--virtual-time-budget=20000",
                .. arguments ?? [], "--dump-dom", new Uri(Path.GetFullPath(pagePath)).AbsoluteUri,
            ])
            { RedirectStandardOutput = true, RedirectStandardError = true });
            try
            {
                var errors = process.StandardError.ReadToEndAsync(limit.Token);
                var document = await process.StandardOutput.ReadToEndAsync(limit.Token).ConfigureAwait(false);
                await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
                if (process.ExitCode != 0)
                    throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {(await errors.ConfigureAwait(false)).Trim()}");
                return document;
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new InvalidOperationException($"{program} did not finish {pagePath} within 120 s.");
            }
            finally
            {
                if (!process.HasExited) process.Kill(entireProcessTree: true);
            }
        }
        finally
        {
            try
            {
                profile.Delete(recursive: true);
            }
            catch (IOException)
            {
                // A child of the browser may still write its profile; the system clears the temporary folder.
            }
        }
    }
}
