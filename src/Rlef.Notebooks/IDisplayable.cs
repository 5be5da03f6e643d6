namespace Rlef.Notebooks;

/// <summary>A value of this library that notebooks show: as HTML, and as text where there is no HTML.</summary>
public interface IDisplayable
{
    string ToHtml();

    string ToPlainText();
}
