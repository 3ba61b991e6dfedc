using System.Security.Cryptography;
using System.Text;

namespace SmimeOperator.Runtime.Events;

/// <summary>What is to be said about an object.</summary>
internal sealed record EventNote(
    string ApiVersion, string Kind, NamespacedName Object, string Uid, string? ResourceVersion, string Reason, string Message, EventType Type)
{
    private const int LongestMessage = 1024;

    /// <summary>The name of the Event object: equal for what is said again, so that it is counted and not repeated.</summary>
    public string Name
    {
        get
        {
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Uid, Reason, Type.ToString(), Message)));
            var name = Object.Name.Length > 200 ? Object.Name[..200].TrimEnd('.', '-') : Object.Name;
            return $"{name}.{Convert.ToHexStringLower(hash.AsSpan(0, 8))}";
        }
    }

    /// <summary>Events of cluster-scoped objects live in the namespace default.</summary>
    public string Namespace => Object.Namespace.Length == 0 ? "default" : Object.Namespace;

    /// <summary>Cuts the message to what the API takes, without cutting a character in two.</summary>
    public static string Fit(string message)
    {
        if (Encoding.UTF8.GetByteCount(message) <= LongestMessage)
        {
            return message;
        }

        var (length, bytes) = (0, 0);
        foreach (var rune in message.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > LongestMessage - 3)
            {
                break;
            }

            bytes += rune.Utf8SequenceLength;
            length += rune.Utf16SequenceLength;
        }

        return message[..length] + "...";
    }
}
