using System.Security.Cryptography;
using System.Text;

namespace Smimectl;

/// <summary>A password that was given by file, variable or prompt; never as an argument, which other users of the machine can read.</summary>
internal sealed class Password : IDisposable
{
    private readonly char[] _text;

    private Password(ReadOnlySpan<char> text)
    {
        _text = GC.AllocateArray<char>(text.Length, pinned: true);
        text.CopyTo(_text);
    }

    public ReadOnlySpan<char> Text => _text;

    /// <summary>From a file or a variable, whichever is named; null where neither is.</summary>
    /// <exception cref="IOException">The file cannot be read, or the variable is not set.</exception>
    public static Password? Of(string? file, string? variable)
    {
        if (file is not null)
        {
            var bytes = File.ReadAllBytes(file);
            try
            {
                // Editors and `echo` leave a line end behind; the operator takes it off too.
                var line = bytes.AsSpan().TrimEnd("\r\n"u8);
                var text = new char[Encoding.UTF8.GetCharCount(line)];
                Encoding.UTF8.GetChars(line, text);
                var password = new Password(text);
                Array.Clear(text);
                return password;
            }
            finally
            {
                CryptographicOperations.ZeroMemory(bytes);
            }
        }

        return variable is null
            ? null
            : new Password(Environment.GetEnvironmentVariable(variable) ?? throw new IOException($"--password-env: the variable {variable} is not set"));
    }

    /// <summary>Asks a person; null where nobody sits at a terminal.</summary>
    public static Password? Ask(string question, TextWriter error)
    {
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            return null;
        }

        error.Write(question);
        error.Flush();
        var typed = new StringBuilder();
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key != ConsoleKey.Backspace)
            {
                typed.Append(key.KeyChar);
            }
            else if (typed.Length > 0)
            {
                typed.Length--;
            }
        }

        error.WriteLine();
        var text = new char[typed.Length];
        typed.CopyTo(0, text, text.Length);
        typed.Clear();
        var password = new Password(text);
        Array.Clear(text);
        return password;
    }

    public void Dispose() => Array.Clear(_text);
}
