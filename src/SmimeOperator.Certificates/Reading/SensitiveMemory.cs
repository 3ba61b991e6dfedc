using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace SmimeOperator.Certificates;

/// <summary>Arrays for passwords and keys: pinned, so that the garbage collector leaves no copies behind, and cleared by hand.</summary>
internal static class SensitiveMemory
{
    public static T[] Allocate<T>(int length)
        where T : unmanaged => GC.AllocateArray<T>(length, pinned: true);

    public static T[] Copy<T>(ReadOnlySpan<T> source)
        where T : unmanaged
    {
        var copy = Allocate<T>(source.Length);
        source.CopyTo(copy);
        return copy;
    }

    /// <summary>A password's bytes.</summary>
    public static byte[] Utf8(ReadOnlySpan<char> text)
    {
        var bytes = Allocate<byte>(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    public static void Clear<T>(Span<T> memory)
        where T : unmanaged => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(memory));
}
