using System.Diagnostics;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>Tells of a fault in this program: where it happened, and not what it said, for that could quote a Secret.</summary>
internal static class InternalFault
{
    private const int ShownFrames = 4;

    public static ResourceEvent Describe(Exception fault)
    {
        var frames = new StackTrace(fault).GetFrames().Select(f => f.GetMethod()).Where(m => m?.DeclaringType is not null)
            .Select(m => $"{m!.DeclaringType!.FullName}.{m.Name}").Take(ShownFrames);
        return new ResourceEvent(true, "InternalError", $"{fault.GetType().Name} at {string.Join(" < ", frames)}; please report it");
    }
}
