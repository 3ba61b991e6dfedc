using System.Text;

namespace Smimectl;

/// <summary>Names of resources and files made from names in the tenant, each only once.</summary>
internal sealed class Names(IEnumerable<string> taken)
{
    private readonly HashSet<string> _taken = new(taken, StringComparer.Ordinal);

    /// <summary>A free name: letters and digits of the text, in lower case, and a number where the name is taken.</summary>
    /// <param name="text">A name in the tenant.</param>
    /// <param name="fallback">What it is called where the text has no letter or digit.</param>
    /// <param name="most">The longest name, in characters.</param>
    public string Take(string? text, string fallback, int most = 50)
    {
        var stem = Slug(text, most - 6) is { Length: > 0 } slug ? slug : fallback;
        var name = stem;
        for (var i = 2; !_taken.Add(name); i++)
        {
            name = $"{stem}-{i}";
        }

        return name;
    }

    private static string Slug(string? text, int most)
    {
        var slug = new StringBuilder();
        foreach (var c in text ?? "")
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(char.ToLowerInvariant(c));
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        return slug.ToString(0, Math.Min(slug.Length, most)).Trim('-');
    }
}
