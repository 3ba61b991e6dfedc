using System.Text;

namespace SmimeOperator.TenantSimulator.Queries;

/// <summary>The words of a $filter.</summary>
internal sealed class FilterTokens(string text)
{
    public int Position { get; private set; }

    public bool AtEnd
    {
        get
        {
            SkipSpace();
            return Position >= text.Length;
        }
    }

    public bool Peek(char sign) => !AtEnd && text[Position] == sign;

    public bool Try(string sign)
    {
        SkipSpace();
        if (string.CompareOrdinal(text, Position, sign, 0, sign.Length) != 0)
        {
            return false;
        }

        Position += sign.Length;
        return true;
    }

    public void Expect(string sign)
    {
        if (!Try(sign))
        {
            throw Error();
        }
    }

    /// <summary>A keyword: the same letters in any case, and not merely the beginning of a longer word.</summary>
    public bool TryWord(string word)
    {
        SkipSpace();
        var end = Position + word.Length;
        if (string.Compare(text, Position, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) != 0
            || (end < text.Length && IsWordSign(text[end])))
        {
            return false;
        }

        Position = end;
        return true;
    }

    /// <summary>A quoted text; a quote inside is doubled.</summary>
    public bool TryString(out string value)
    {
        value = "";
        if (!Peek('\''))
        {
            return false;
        }

        var result = new StringBuilder();
        for (var i = Position + 1; i < text.Length; i++)
        {
            if (text[i] != '\'')
            {
                result.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] == '\'')
            {
                result.Append('\'');
                i++;
            }
            else
            {
                Position = i + 1;
                value = result.ToString();
                return true;
            }
        }

        throw new QueryException($"There is an unterminated string literal at position {text.Length} in '{text}'.");
    }

    public string Word()
    {
        SkipSpace();
        var start = Position;
        while (Position < text.Length && IsWordSign(text[Position]))
        {
            // "a:a eq 'x'" begins an any; a time has colons too, but behind digits.
            if (text[Position] == ':' && !char.IsAsciiDigit(text[start]))
            {
                break;
            }

            Position++;
        }

        return Position > start ? text[start..Position] : throw Error();
    }

    public QueryException Error() => new($"Syntax error at position {Position} in '{text}'.");

    private static bool IsWordSign(char sign) => char.IsLetterOrDigit(sign) || sign is '_' or '.' or '/' or '-' or ':' or '+' or '$';

    private void SkipSpace()
    {
        while (Position < text.Length && char.IsWhiteSpace(text[Position]))
        {
            Position++;
        }
    }
}
