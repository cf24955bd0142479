// After a sharp rise, what was changed is asked right there. Without script the tick above asks for it.
{
  const rise = document.querySelector("[data-rise]");

  function chosen(name) {
    const input = rise.form.querySelector(`input[name=${name}]:checked`);
    return input ? Number(input.value) : NaN;
  }

  if (rise) {
    rise.form = rise.closest("form");
    const ask = () => rise.classList.toggle("risen", chosen("pain_after") - chosen("pain_before") >= Number(rise.dataset.rise) || Boolean(rise.querySelector("[name=response]").value));
    rise.form.addEventListener("change", ask);
    ask();
  }
}
