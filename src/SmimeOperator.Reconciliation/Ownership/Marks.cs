using System.Runtime.CompilerServices;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>The marks on objects, each looked for once: objects do not change, and every plan goes through all of them.</summary>
internal static class Marks
{
    private static readonly ConditionalWeakTable<TenantObject, Found> Known = [];

    /// <summary>The mark on an object, or null.</summary>
    public static OwnershipMark? Of(TenantObject item) => Known.GetValue(item, static i => new Found(OwnershipMark.Find(i.MarkedText))).Mark;

    private sealed record Found(OwnershipMark? Mark);
}
