using SmimeOperator.Api;
using SmimeOperator.Intune;

namespace SmimeOperator.Reconciliation;

/// <summary>What is known of one Secret of the escrow, or of one certificate where it holds several.</summary>
/// <param name="Secret">The Secret.</param>
/// <param name="Certificate">What it holds, as far as it was read.</param>
/// <param name="State">Pending where it can be imported or was not read yet, otherwise why not.</param>
/// <param name="Reason">One of <see cref="Reasons"/>, where it cannot be imported.</param>
/// <param name="Message">What is wrong, or worth knowing.</param>
/// <param name="TwinOf">The Secret of the same user that holds the same certificate and comes first.</param>
internal sealed record EscrowLine(
    EscrowSecret Secret, SourceCertificate? Certificate, CertificateState State, string? Reason = null, string? Message = null, string? TwinOf = null)
{
    /// <summary>The natural key of the import.</summary>
    public string? Id => Certificate is { } certificate && Secret.User is { } user ? ImportedCertificate.IdOf(user.Id, certificate.Thumbprint) : null;

    /// <summary>Whether the tenant should hold it.</summary>
    public bool IsWanted => State == CertificateState.Pending && Certificate is not null && TwinOf is null;
}

/// <summary>Puts together what is known of an escrow's Secrets.</summary>
internal static class EscrowLines
{
    /// <summary>The lines of some Secrets, in their order: one for each certificate, or for what is wrong.</summary>
    public static IReadOnlyList<EscrowLine> Of(IEnumerable<EscrowSecret> secrets, BulkMemory memory, ImportRivals rivals)
    {
        var lines = new List<EscrowLine>();
        var first = new Dictionary<string, string>();
        foreach (var read in secrets.SelectMany(s => Of(s, memory)))
        {
            var (line, secret) = (read, read.Secret);
            if (line.IsWanted && !first.TryAdd(line.Id!, secret.Name))
            {
                line = line with { TwinOf = first[line.Id!], Message = $"Secret {secret.Name} holds the same certificate of {secret.UserName} as Secret {first[line.Id!]}" };
            }

            if (line.IsWanted && rivals.Refuse(secret.User!, line.Id!) is { } conflict)
            {
                line = line with { State = CertificateState.Refused, Reason = Reasons.Conflict, Message = $"Secret {secret.Name}: {conflict}" };
            }

            lines.Add(line);
        }

        return lines;
    }

    private static IEnumerable<EscrowLine> Of(EscrowSecret secret, BulkMemory memory)
    {
        if (secret.User is null)
        {
            return [new EscrowLine(secret, null, secret.State, secret.Reason, secret.Message)];
        }

        return memory.TryGet(secret, out var sources) ? sources.Select(s => Of(secret, s, memory)) : [new EscrowLine(secret, null, CertificateState.Pending)];
    }

    private static EscrowLine Of(EscrowSecret secret, ImportSource source, BulkMemory memory)
    {
        var line = new EscrowLine(secret, source.Certificate, source.State, source.Reason, source.Message);
        return line.Id is { } id && line.IsWanted && memory.Rejected.TryGetValue(id, out var rejected)
            ? line with { Reason = rejected.Reason, Message = $"Secret {secret.Name}: {rejected.Message}" }
            : line;
    }
}
