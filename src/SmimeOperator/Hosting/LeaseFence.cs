using SmimeOperator.Intune;
using SmimeOperator.Runtime;

namespace SmimeOperator.Hosting;

/// <summary>Tenants may be changed only while the lease is ours by time.</summary>
internal sealed class LeaseFence(Leadership leadership) : IWriteFence
{
    public bool IsOpen => leadership.IsHeld;
}
