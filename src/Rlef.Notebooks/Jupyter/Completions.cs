using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Rlef.Notebooks.Engine;

namespace Rlef.Notebooks.Jupyter;

/// <summary>What could stand at the cursor: members after a dot, else what is in scope.</summary>
internal static class Completions
{
    private static readonly CSharpParseOptions Script = CSharpParseOptions.Default.WithKind(SourceCodeKind.Script).WithLanguageVersion(LanguageVersion.Latest);

    public static bool IsComplete(string code) => SyntaxFactory.IsCompleteSubmission(CSharpSyntaxTree.ParseText(code, Script));

    /// <returns>Names in order, and how many characters before the cursor they replace.</returns>
    public static (IReadOnlyList<string> Matches, int Length) At(NotebookEngine engine, string code, int cursor)
    {
        cursor = Math.Clamp(cursor, 0, code.Length);
        var start = cursor;
        while (start > 0 && (char.IsLetterOrDigit(code[start - 1]) || code[start - 1] == '_')) start--;
        var prefix = code[start..cursor];

        var script = engine.LastScript?.ContinueWith<object>(code, engine.Options) ?? CSharpScript.Create<object>(code, engine.Options);
        var compilation = script.GetCompilation();
        var tree = compilation.SyntaxTrees.Single();
        var model = compilation.GetSemanticModel(tree);
        var matches = Symbols(model, tree.GetRoot(), start)
            .Where(symbol => symbol.CanBeReferencedByName && symbol.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            .Select(symbol => symbol.Name).Distinct().Order(StringComparer.OrdinalIgnoreCase).ToList();
        return (matches, prefix.Length);
    }

    private static IEnumerable<ISymbol> Symbols(SemanticModel model, SyntaxNode root, int start)
    {
        if (start == 0 || root.FindToken(start - 1) is not { RawKind: (int)SyntaxKind.DotToken, Parent: var parent }) return model.LookupSymbols(start);
        var left = parent switch
        {
            MemberAccessExpressionSyntax access => access.Expression,
            QualifiedNameSyntax name => name.Left,
            _ => (SyntaxNode?)null,
        };
        if (left is null) return [];
        var symbol = model.GetSymbolInfo(left).Symbol;
        if (symbol is INamespaceOrTypeSymbol container) return model.LookupSymbols(start, container).Where(member => member.IsStatic || member is INamespaceOrTypeSymbol);
        return model.GetTypeInfo(left).Type is { } type ? model.LookupSymbols(start, type, includeReducedExtensionMethods: true).Where(member => !member.IsStatic) : [];
    }
}
