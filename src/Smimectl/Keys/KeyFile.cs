using SmimeOperator.Certificates;

namespace Smimectl;

/// <summary>Reads connector keys from files.</summary>
internal static class KeyFile
{
    /// <summary>What the smallest key that is taken, RSA-2048, carries with the largest hash, in bytes.</summary>
    public const int SmallestPasswordLength = 126;

    // A key of 16384 bits has 2 kB, as PEM 3 kB; people paste remarks around it.
    private const int MaxBytes = 64 * 1024;

    /// <summary>Reads a file, or standard input.</summary>
    /// <exception cref="IOException">It cannot be read, or is no connector key.</exception>
    public static ConnectorKey Read(string path) => Parse(path, Bytes(path));

    /// <summary>Reads the content of a file.</summary>
    /// <exception cref="IOException">It is no connector key.</exception>
    public static ConnectorKey Parse(string name, ReadOnlySpan<byte> content)
    {
        try
        {
            return ConnectorKey.Parse(content);
        }
        catch (ConnectorKeyException problem)
        {
            throw new IOException($"{name}: {problem.Message}", problem);
        }
    }

    /// <summary>The bytes of a file that is small.</summary>
    /// <exception cref="IOException">It cannot be read, or is too large for a key.</exception>
    public static byte[] Bytes(string path)
    {
        using var stream = path == ReportOptions.StandardInput ? Console.OpenStandardInput() : File.OpenRead(path);
        var buffer = GC.AllocateArray<byte>(MaxBytes + 1, pinned: true);
        var length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        var content = length <= MaxBytes ? buffer[..length] : throw new IOException($"{path} is larger than {MaxBytes / 1024} kB, so it is no key");
        Array.Clear(buffer);
        return content;
    }
}
