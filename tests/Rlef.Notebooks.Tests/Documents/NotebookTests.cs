using System.Diagnostics;
using System.Text.Json.Nodes;
using Rlef.Notebooks.Documents;

namespace Rlef.Notebooks.Tests.Documents;

public sealed class NotebookTests
{
    // As Jupyter writes it: sorted members, raw cell, attachments, unknown members, non-ASCII and control characters, numbers as given.
    private const string Foreign = """
        {
         "cells": [
          {
           "attachments": {
            "a.png": {
             "image/png": "iVBORw0KGgo="
            }
           },
           "cell_type": "markdown",
           "id": "8f1d",
           "metadata": {
            "vendor": {
             "float": 1.0,
             "exponent": 1e-05,
             "empty": {},
             "none": null
            }
           },
           "source": [
            "# Ünïcode 😀 \u0001 \"quoted\"\n",
            "text"
           ]
          },
          {
           "cell_type": "raw",
           "id": "raw-1",
           "metadata": {},
           "source": []
          },
          {
           "cell_type": "code",
           "execution_count": 3,
           "id": "code-1",
           "metadata": {
            "tags": [
             "parameters"
            ]
           },
           "outputs": [
            {
             "name": "stdout",
             "output_type": "stream",
             "text": [
              "1\n"
             ]
            }
           ],
           "source": "one string"
          }
         ],
         "metadata": {
          "kernelspec": {
           "display_name": "Python 3",
           "language": "python",
           "name": "python3"
          },
          "unknown": [
           1,
           2.50
          ]
         },
         "nbformat": 4,
         "nbformat_minor": 5
        }

        """;

    [Fact]
    public void A_foreign_notebook_comes_back_byte_for_byte() => Assert.Equal(Foreign, Notebook.Parse(Foreign).ToString());

    [Fact]
    public void The_view_reads_what_the_format_allows()
    {
        var notebook = Notebook.Parse(Foreign);
        Assert.Equal([CellKind.Markdown, CellKind.Raw, CellKind.Code], notebook.Cells.Select(cell => cell.Kind));
        Assert.Equal("Ünïcode 😀 \u0001 \"quoted\"", notebook.Title);
        Assert.Equal("python", notebook.Language);
        Assert.Equal(("one string", 3, "code-1"), (notebook.Cells[2].Source, notebook.Cells[2].ExecutionCount, notebook.Cells[2].Id));
        Assert.Equal(["parameters"], notebook.Cells[2].Tags);
    }

    [Fact]
    public void What_is_written_is_what_Jupyter_writes()
    {
        var notebook = Notebook.Create();
        notebook.Add(CellKind.Markdown, "# Title ü\n\ntext");
        notebook.Add(CellKind.Code, "1 + 1").Outputs.Add(new JsonObject
        {
            ["data"] = new JsonObject { ["text/plain"] = new JsonArray("2") }, ["execution_count"] = 1, ["metadata"] = new JsonObject(),
            ["output_type"] = "execute_result",
        });
        var script = "import sys,nbformat;nb=nbformat.reads(sys.stdin.read(),as_version=4);nbformat.validate(nb);sys.stdout.write(nbformat.writes(nb)+'\\n')";
        using var python = Start("/usr/bin/python3", ["-c", script]);
        Assert.SkipWhen(python is null, "Python with nbformat is not installed (Debian: python3-nbformat)");
        python!.StandardInput.Write(notebook.ToString());
        python.StandardInput.Close();
        var written = python.StandardOutput.ReadToEnd();
        var error = python.StandardError.ReadToEnd();
        python.WaitForExit();
        Assert.SkipWhen(error.Contains("No module named 'nbformat'", StringComparison.Ordinal), "nbformat is not installed (Debian: python3-nbformat)");
        Assert.True(python.ExitCode == 0, error);
        Assert.Equal(written, notebook.ToString());
    }

    [Theory]
    [InlineData("{\n \"cells\": [,]\n}", "lab.ipynb, line 2", "not JSON")]
    [InlineData("", "lab.ipynb", "not JSON")]
    [InlineData("{\"cells\": [], \"cells\": []}", "lab.ipynb", "not JSON")]
    [InlineData("[1]", "at $ an object", "no notebook")]
    [InlineData("{\"name\": 1}", "at $ an object", "no notebook")]
    [InlineData("{\"worksheets\": [], \"nbformat\": 3, \"nbformat_minor\": 0}", "$.nbformat", "nbconvert")]
    [InlineData("{\"cells\": {}, \"metadata\": {}, \"nbformat\": 4, \"nbformat_minor\": 5}", "$.cells", "array")]
    [InlineData("{\"cells\": [{\"cell_type\": \"code\", \"source\": 5}], \"metadata\": {}, \"nbformat\": 4, \"nbformat_minor\": 5}", "$.cells[0].source", "string")]
    [InlineData("{\"cells\": [{\"cell_type\": \"code\", \"source\": \"\", \"outputs\": [{\"output_type\": \"stream\"}, 7]}], \"metadata\": {}, \"nbformat\": 4, \"nbformat_minor\": 5}", "$.cells[0].outputs[1]", "object")]
    [InlineData("{\"cells\": [{\"cell_type\": \"prose\", \"source\": \"\"}], \"metadata\": {}, \"nbformat\": 4, \"nbformat_minor\": 5}", "$.cells[0].cell_type", "prose")]
    public void A_file_that_is_no_notebook_is_named_with_place_and_reason(string text, string place, string reason)
    {
        var error = Assert.Throws<NotebookFormatException>(() => Notebook.Parse(text, "lab.ipynb"));
        Assert.StartsWith("lab.ipynb", error.Message, StringComparison.Ordinal);
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_are_completed_and_made_unique_where_the_format_has_them_and_else_left_out()
    {
        const string cells = """{"cells": [{"cell_type": "code", "source": "1", "id": "x"}, {"cell_type": "code", "source": "2", "id": "x"}, {"cell_type": "markdown", "source": "3"}, {"cell_type": "raw", "source": "4", "id": 5}, {"cell_type": "raw", "source": "5", "id": "a space"}, {"cell_type": "raw", "source": "6", "id": "0123456789012345678901234567890123456789012345678901234567890123-too-long"}], "metadata": {}, "nbformat": 4, "nbformat_minor": """;
        var notebook = Notebook.Parse(cells + "5}");
        notebook.CompleteIds();
        Assert.Equal("x", notebook.Cells[0].Id);
        Assert.Equal(6, notebook.Cells.Select(cell => cell.Id).OfType<string>().Distinct().Count());
        Assert.All(notebook.Cells, cell => Assert.Matches("^[a-zA-Z0-9-_]{1,64}$", cell.Id));
        var written = notebook.ToString();
        notebook.CompleteIds();
        Assert.Equal(written, notebook.ToString());
        var old = Notebook.Parse("""{"cells": [{"cell_type": "code", "source": "1"}], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}""");
        old.CompleteIds();
        Assert.Null(old.Cells[0].Id);
    }

    [Theory]
    [InlineData("""{"polyglot_notebook": {"kernelInfo": {"defaultKernelName": "csharp"}}}""", "csharp")]
    [InlineData("""{"language_info": {"name": "polyglot-notebook"}, "polyglot_notebook": {"kernelInfo": {"defaultKernelName": "csharp"}}}""", "csharp")]
    [InlineData("""{"language_info": {"name": "python"}}""", "python")]
    [InlineData("{}", null)]
    public void The_language_is_known_also_without_a_kernelspec(string metadata, string? language) =>
        Assert.Equal(language, Notebook.Parse($$"""{"cells": [], "metadata": {{metadata}}, "nbformat": 4, "nbformat_minor": 5}""").Language);

    [Fact]
    public void A_failed_save_leaves_the_old_file_and_no_other()
    {
        var folder = Directory.CreateTempSubdirectory("rlef-save-");
        try
        {
            var path = Path.Combine(folder.FullName, "taken.ipynb");
            Directory.CreateDirectory(Path.Combine(path, "inside"));
            Assert.ThrowsAny<Exception>(() => Notebook.Create().Save(path));
            Assert.Equal([path], Directory.EnumerateFileSystemEntries(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Process? Start(string program, string[] arguments)
    {
        if (!File.Exists(program)) return null;
        return Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        });
    }
}
