using System.Net;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Rlef.Notebooks.Publishing;

/// <summary>C# as HTML with the compiler's own tokens marked, so that colouring is never wrong about what is a string.</summary>
internal static class CodeMarkup
{
    public static string Html(string source)
    {
        var html = new StringBuilder();
        var options = CSharpParseOptions.Default.WithKind(SourceCodeKind.Script).WithLanguageVersion(LanguageVersion.Latest);
        foreach (var token in CSharpSyntaxTree.ParseText(source, options).GetRoot().DescendantTokens(descendIntoTrivia: false))
        {
            AppendTrivia(html, token.LeadingTrivia);
            Append(html, ClassOf(token), token.Text);
            AppendTrivia(html, token.TrailingTrivia);
        }
        return html.ToString();
    }

    private static void AppendTrivia(StringBuilder html, SyntaxTriviaList list)
    {
        foreach (var trivia in list)
        {
            var kind = trivia.Kind() switch
            {
                SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia
                    or SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia => "c",
                _ when trivia.IsDirective => "d",
                _ => null,
            };
            Append(html, kind, trivia.ToFullString());
        }
    }

    private static string? ClassOf(SyntaxToken token)
    {
        if (token.IsKeyword() || token.IsContextualKeyword() || token is { Text: "var", RawKind: (int)SyntaxKind.IdentifierToken }) return "k";
        return token.Kind() switch
        {
            SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken or SyntaxKind.InterpolatedStringTextToken
                or SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedStringEndToken
                or SyntaxKind.InterpolatedVerbatimStringStartToken or SyntaxKind.SingleLineRawStringLiteralToken
                or SyntaxKind.MultiLineRawStringLiteralToken or SyntaxKind.InterpolatedSingleLineRawStringStartToken
                or SyntaxKind.InterpolatedMultiLineRawStringStartToken or SyntaxKind.InterpolatedRawStringEndToken => "s",
            SyntaxKind.NumericLiteralToken => "n",
            SyntaxKind.IdentifierToken when token.Text.Length > 1 && char.IsUpper(token.Text[0]) => "t",
            _ => null,
        };
    }

    private static void Append(StringBuilder html, string? kind, string text)
    {
        if (text.Length == 0) return;
        if (kind is null) html.Append(WebUtility.HtmlEncode(text));
        else html.Append($"<span class=\"{kind}\">{WebUtility.HtmlEncode(text)}</span>");
    }
}
