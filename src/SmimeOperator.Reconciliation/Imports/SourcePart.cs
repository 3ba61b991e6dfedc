using SmimeOperator.Api;
using SmimeOperator.Certificates;

namespace SmimeOperator.Reconciliation;

/// <summary>One file of a source, opened or refused. Who gets it disposes what it holds.</summary>
/// <param name="Name">The source's name, and the Secret's key where the source has several.</param>
/// <param name="Certificates">What it holds; null where it cannot be used.</param>
/// <param name="Reason">One of <see cref="Reasons"/>, where it cannot be used.</param>
/// <param name="Message">What is wrong and what to do.</param>
internal sealed record SourcePart(string Name, KeyedCertificates? Certificates, string? Reason = null, string? Message = null)
{
    /// <summary>Opens a part; what is wrong with it becomes its reason.</summary>
    public static SourcePart Open(string name, Func<KeyedCertificates> open)
    {
        try
        {
            return new SourcePart(name, open());
        }
        catch (CertificateSourceException problem)
        {
            return new SourcePart(name, null, RefusalReasons.Of(problem.Fault), $"source {name}: {problem.Message}");
        }
    }
}
