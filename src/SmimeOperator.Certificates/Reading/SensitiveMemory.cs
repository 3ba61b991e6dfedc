using System.Runtime.InteropServices;
using System.Security.Cryptography;

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

    public static void Clear<T>(Span<T> memory)
        where T : unmanaged => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(memory));
}
