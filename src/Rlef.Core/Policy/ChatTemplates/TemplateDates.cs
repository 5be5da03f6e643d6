using System.Globalization;
using System.Text;

namespace Rlef.Policy;

/// <summary>Writes times as C's strftime does, in English.</summary>
static class TemplateDates
{
    public static string Format(DateTime time, string format)
    {
        var result = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                result.Append(format[i]);
                continue;
            }
            var flag = format[++i] is '-' or '_' or '0' or '^' or '#' && i + 1 < format.Length ? format[i++] : '\0';
            result.Append(Part(time, format[i], flag));
            if (result.Length > TemplateValue.MaxText)
                throw TemplateValue.TextTooLong();
        }
        return result.ToString();
    }

    static string Part(DateTime time, char code, char flag)
    {
        string Number(int value, int width, char fill = '0') => flag == '-' ? value.ToString(CultureInfo.InvariantCulture)
            : value.ToString(CultureInfo.InvariantCulture).PadLeft(width, flag switch { '_' => ' ', '0' => '0', _ => fill });
        string Word(string format) => time.ToString(format, CultureInfo.InvariantCulture) is var word && flag == '#' && code == 'p' ? word.ToLowerInvariant()
            : flag is '^' or '#' ? word.ToUpperInvariant() : word;
        string Whole(string format) => flag is '\0' ? Format(time, format) : throw Unknown();
        var (hour, monday) = ((time.Hour + 11) % 12 + 1, ((int)time.DayOfWeek + 6) % 7);
        return code switch
        {
            'a' => Word("ddd"),
            'A' => Word("dddd"),
            'b' or 'h' => Word("MMM"),
            'B' => Word("MMMM"),
            'c' => Whole("%a %b %e %H:%M:%S %Y"),
            'C' => Number(time.Year / 100, 2),
            'd' => Number(time.Day, 2),
            'D' or 'x' => Whole("%m/%d/%y"),
            'e' => Number(time.Day, 2, ' '),
            'f' => flag is '\0' ? time.ToString("ffffff", CultureInfo.InvariantCulture) : throw Unknown(),
            'F' => Whole("%Y-%m-%d"),
            'g' => Number(ISOWeek.GetYear(time) % 100, 2),
            'G' => Number(ISOWeek.GetYear(time), 4),
            'H' => Number(time.Hour, 2),
            'I' => Number(hour, 2),
            'j' => Number(time.DayOfYear, 3),
            'k' => Number(time.Hour, 2, ' '),
            'l' => Number(hour, 2, ' '),
            'm' => Number(time.Month, 2),
            'M' => Number(time.Minute, 2),
            'n' => "\n",
            'p' => Word("tt"),
            'P' => Word("tt").ToLowerInvariant(),
            'r' => Whole("%I:%M:%S %p"),
            'R' => Whole("%H:%M"),
            's' => new DateTimeOffset(time).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            'S' => Number(time.Second, 2),
            't' => "\t",
            'T' or 'X' => Whole("%H:%M:%S"),
            'u' => Number(monday + 1, 1),
            'U' => Number((time.DayOfYear + 6 - (int)time.DayOfWeek) / 7, 2),
            'V' => Number(ISOWeek.GetWeekOfYear(time), 2),
            'w' => Number((int)time.DayOfWeek, 1),
            'W' => Number((time.DayOfYear + 6 - monday) / 7, 2),
            'y' => Number(time.Year % 100, 2),
            'Y' => Number(time.Year, 4),
            // A time of no zone.
            'z' or 'Z' => "",
            '%' => "%",
            _ => throw Unknown(),
        };

        TemplateException Unknown() => new($"strftime_now does not know %{(flag == '\0' ? "" : flag)}{code}.");
    }
}
