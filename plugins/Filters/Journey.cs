using System.Runtime.ExceptionServices;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Filters;

/// <summary>One document's way through the steps.</summary>
internal sealed class Journey(Document document)
{
    /// <summary>A journey that began in another process.</summary>
    public Journey(Document document, IEnumerable<FilterStep> passed, FilterStep? droppedBy, string? droppedFor)
        : this(document)
    {
        Passed.AddRange(passed);
        (DroppedBy, DroppedFor) = (droppedBy, droppedFor);
    }

    /// <summary>As the last step left it, or as the step saw it that dropped it.</summary>
    public Document Document { get; private set; } = document;

    /// <summary>The step that dropped it, or null.</summary>
    public FilterStep? DroppedBy { get; private set; }

    public string? DroppedFor { get; private set; }

    /// <summary>The steps that it passed.</summary>
    public List<FilterStep> Passed { get; } = [];

    /// <summary>A step's failure: kept, so that of several the first in document order is the one that is thrown.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    public void Take(IEnumerable<FilterStep> steps, TimeProvider time)
    {
        foreach (var step in steps)
        {
            if (DroppedBy is not null || Failure is not null)
            {
                return;
            }

            try
            {
                var verdict = step.Apply(Document, time);
                if (verdict.Document is { } document)
                {
                    Document = document;
                    Passed.Add(step);
                }
                else
                {
                    DroppedBy = step;
                    DroppedFor = verdict.Reason ?? "no_reason";
                }
            }
            catch (Exception problem)
            {
                Failure = ExceptionDispatchInfo.Capture(problem);
            }
        }
    }
}
