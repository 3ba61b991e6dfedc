using System.Globalization;

namespace SmimeOperator.Runtime.Stores;

/// <summary>What happened to an object in a store: Old is null for a new one, New for one that is gone.</summary>
internal readonly record struct ObjectChange<T>(NamespacedName Key, T? Old, T? New)
    where T : class;

/// <summary>An index that was registered for a store.</summary>
internal sealed record ObjectIndex<T>(string Name, Func<T, IEnumerable<string>> Values)
    where T : class;

/// <summary>Order of resource versions. Kubernetes guarantees it since 1.35 and has always kept it.</summary>
internal static class ResourceVersionOrder
{
    /// <summary>Whether a is known to be older than b; false when a server uses versions that are no numbers.</summary>
    public static bool IsOlder(string? a, string? b) =>
        ulong.TryParse(a, NumberStyles.None, CultureInfo.InvariantCulture, out var left)
        && ulong.TryParse(b, NumberStyles.None, CultureInfo.InvariantCulture, out var right)
        && left < right;
}
