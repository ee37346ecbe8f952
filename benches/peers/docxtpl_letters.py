"""Letters a second of docxtpl: python3 docxtpl_letters.py template.docx answers.json count folder"""
import json
import sys
import time

from docxtpl import DocxTemplate

template, answers, count, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
with open(answers, encoding="utf-8") as file:
    context = json.load(file)
start = time.process_time()
for number in range(count):
    document = DocxTemplate(template)
    document.render(dict(context, applicant=f"张某{number}"))
    document.save(f"{folder}/{number}.docx")
print(count / (time.process_time() - start))
