using Microsoft.Playwright;
using Rlef.Notebooks.Figures;
using Rlef.Notebooks.Tests.Engine;
using Rlef.Notebooks.Tests.Figures;

namespace Rlef.Notebooks.Tests.Jupyter;

/// <summary>A notebook as its reader has it: JupyterLab in a browser.</summary>
public sealed class JupyterLabTests
{
    private const float Patience = 120_000;

    [Fact]
    public async Task A_notebook_is_run_shows_its_figure_is_interrupted_restarted_and_run_again()
    {
        JupyterFolder.Require("jupyterlab_server");
        Needs.Browser();
        using var jupyter = new JupyterFolder();
        using var notebook = new TestNotebook(
            TestNotebook.Library + "\nvar runs = 0;",
            "Charts.Lines(\"Solved\", \"turns\", \"share\", [Curve.OverSeeds(\"real\", [1, 2], [[0.1, 0.2]])])",
            "var live = LiveDisplay.Show(\"0 %\"); live.Update(\"100 %\");",
            "Console.WriteLine(\"begun\"); await Task.Delay(-1, CellCancellation.Token);",
            "$\"run {++runs}\"");
        var port = JupyterLabFolder.FreePort();
        using var server = await jupyter.StartAsync(null, Path.Combine(await JupyterLabFolder.PrepareAsync(), "lab.py"),
            "--no-browser", "--allow-root", "--ServerApp.token=test", "--ServerApp.port_retries=0", $"--ServerApp.port={port}", $"--ServerApp.root_dir={notebook.Folder}");
        try
        {
            await ServesAsync(server.StandardError);
            using var playwright = await Playwright.CreateAsync();
            await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Browser.Find(), Args = ["--no-sandbox"] });
            var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1200, Height = 1400 } });
            page.SetDefaultTimeout(Patience);
            var faults = new List<string>();
            page.PageError += (_, fault) => faults.Add(fault);
            await page.GotoAsync($"http://127.0.0.1:{port}/lab/tree/test.ipynb?token=test");
            await page.GetByText(".NET (C#) | Idle").WaitForAsync();

            await ChooseAsync(page, "Run", "Run All Cells");
            await Cell(page, 1).Locator(".js-plotly-plot .main-svg").First.WaitForAsync();
            await Output(page, 2, "100 %").WaitForAsync();
            await Output(page, 3, "begun").WaitForAsync();
            await ChooseAsync(page, "Kernel", "Interrupt Kernel");
            await Output(page, 3, "Command cancelled").WaitForAsync();

            // The session lives on: the cell that waited runs, and again.
            await Output(page, 4, "run 1").WaitForAsync();
            await RunCellAsync(page, 4);
            await Output(page, 4, "run 2").WaitForAsync();

            await ChooseAsync(page, "Kernel", "Restart Kernel and Run All Cells…");
            await page.Locator(".jp-Dialog .jp-mod-accept").ClickAsync();
            await Output(page, 3, "Command cancelled").WaitForAsync(new() { State = WaitForSelectorState.Detached });
            await Output(page, 3, "begun").WaitForAsync();
            await Cell(page, 1).Locator(".js-plotly-plot .main-svg").First.WaitForAsync();
            await ChooseAsync(page, "Kernel", "Interrupt Kernel");
            await Output(page, 3, "Command cancelled").WaitForAsync();
            await Output(page, 4, "run 1").WaitForAsync();
            Assert.Empty(faults);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    // Reads on to the end, so that the server never waits for a reader.
    private static async Task ServesAsync(StreamReader log)
    {
        var said = new List<string>();
        while (await log.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            said.Add(line);
            if (!line.Contains("is running at", StringComparison.Ordinal)) continue;
            _ = log.ReadToEndAsync(TestContext.Current.CancellationToken);
            return;
        }
        Assert.Fail(string.Join('\n', said));
    }

    private static ILocator Cell(IPage page, int number) => page.Locator(".jp-Notebook .jp-CodeCell").Nth(number);

    private static ILocator Output(IPage page, int cell, string text) => Cell(page, cell).Locator(".jp-OutputArea-output", new() { HasText = text }).First;

    private static async Task RunCellAsync(IPage page, int number)
    {
        await Cell(page, number).Locator(".jp-InputPrompt").ClickAsync();
        await page.Keyboard.PressAsync("Control+Enter");
    }

    private static async Task ChooseAsync(IPage page, string menu, string item)
    {
        await page.Locator(".lm-MenuBar-item", new() { HasText = menu }).ClickAsync();
        await page.Locator(".lm-Menu-item", new() { Has = page.GetByText(item, new() { Exact = true }) }).ClickAsync();
    }
}
