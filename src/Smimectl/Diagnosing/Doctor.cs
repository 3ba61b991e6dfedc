using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>Runs checks side by side. Whatever becomes of one, the others are made.</summary>
internal static class Doctor
{
    /// <summary>Makes all checks.</summary>
    /// <param name="checks">The checks.</param>
    /// <param name="limit">How long each may take.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends all of them.</param>
    public static async Task<DoctorReport> RunAsync(IReadOnlyList<Check> checks, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var findings = await Task.WhenAll(checks.Select(check => RunAsync(check, limit, time, cancellationToken)));
        var all = findings.SelectMany(f => f).ToList();
        return new DoctorReport(all.TrueForAll(f => f.Level != DiagnosisLevel.Problem), all);
    }

    private static async Task<IReadOnlyList<Diagnosis>> RunAsync(Check check, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            // Not every library below listens to the token.
            return await Task.Run(() => check.Run(either.Token), either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return [Diagnosis.Problem(check.Name, $"no answer within {limit.TotalSeconds:0} s", "see the findings on reachability, or allow more with --timeout")];
        }
        catch (Exception fault) when (fault is TenantException or TenantNotUsableException or ClusterException or TenantChoiceException or IOException or UnauthorizedAccessException)
        {
            return [Diagnosis.Problem(check.Name, fault.Message, "what the message says; the other findings may tell the cause")];
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            return [Diagnosis.Problem(check.Name, InternalFault.Describe(fault).Message, "report it, with this line")];
        }
    }
}
