namespace SmimeOperator.Reconciliation;

/// <summary>The Graph types that resources can state.</summary>
public static class ManagedTypes
{
    /// <summary>Whether objects of a type, named without namespace, can be managed.</summary>
    public static bool Contains(string type) => ObjectShapes.Of(type) is not null;
}
